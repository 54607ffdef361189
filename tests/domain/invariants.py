"""What holds of a ticket after every step, whoever took whichever."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain import ticket_flow
from app.domain.disclosure import inner_facts
from app.domain.matters import OUTLASTING, told_in_short
from app.domain.rules import Rule
from app.domain.sla_clock import CARDS, Clock, ClockKind, Rung
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import (
    FINAL,
    GONE,
    STEP_OF,
    MatterKind,
    MatterOutcome,
    Status,
    TicketClass,
    UnitRole,
)
from services.case_files.facts import NAMES

S = Status
ANSWERED = frozenset({S.FEEDBACK, S.REVISITING, S.EVALUATING, S.ARCHIVED})
ADMITTED = ANSWERED | {S.ACCEPTED, S.COORDINATING, S.HANDLING, S.SUSPENDED}

WAITING = frozenset({S.ACCEPTED, S.COORDINATING, S.SUSPENDED})

SET_IN: Mapping[str, frozenset[Status]] = {
    "archived_at": frozenset({S.ARCHIVED}),
    "refused_at": frozenset({S.REFUSED}),
    "withdrawn_at": frozenset({S.WITHDRAWN}),
    "merged_at": frozenset({S.MERGED}),
    "parent_id": frozenset({S.MERGED}),
    "suspended_from": frozenset({S.SUSPENDED}),
    "completed_at": ANSWERED,
    "delivered_at": ANSWERED - {S.FEEDBACK},
}
"""What stands on a ticket in these statuses, and in no other."""


def check_status(row: Mapping[str, Any]) -> None:
    """The status of the ticket and what is written on it say the same. `row`: its columns."""
    status = row["status"]
    for name, statuses in SET_IN.items():
        assert (row.get(name) is not None) == (status in statuses), (name, status)
    if status in ADMITTED:
        assert None not in (row["accepted_at"], row["ticket_class"], row["category_code"])
    if status in STEP_OF:
        assert row["step"] == STEP_OF[status]
    if row.get("refusal_proposed_by") is not None:
        assert status in (S.SUBMITTED, S.REFUSED)
    if row.get("first_completed_at") is None:
        assert status not in ANSWERED
        assert row["round"] == 1


def check_mirror(state: TicketState, row: Mapping[str, Any]) -> None:
    """The ticket shows its leading clock, if that is not over."""
    clocks = {(one.round, one.kind, one.organisation_id): one for one in state.clocks}
    leading = ticket_flow.leading(clocks, state.status, state.round)
    assert {name: row.get(name) for name in ticket_flow.SHOWN_CLOCK} == ticket_flow.shown(leading)


def check_matters(state: TicketState) -> None:
    """What is told in short is what is open: one of a kind for a unit, few at the end."""
    assert list(state.open_matters) == told_in_short(state.matters, ())
    assert [one.seq for one in state.matters] == list(range(1, len(state.matters) + 1))
    still_open = [one for one in state.matters if one.is_open]
    once = Counter((one.kind, one.organisation_id) for one in still_open)
    assert max(once.values(), default=0) < 2
    assert not (state.status in FINAL and {one.kind for one in still_open} - OUTLASTING)
    given = [one for one in state.matters if one.kind is MatterKind.MEETING_TASK]
    assert state.status is not S.ARCHIVED or all(one.outcome is not None for one in given)
    assert state.status is not S.ARCHIVED or MatterOutcome.LAPSED not in {o.outcome for o in given}
    for one in state.matters:
        assert one.is_open == (one.outcome is None)
        assert one.settled_at is None or one.settled_at >= one.opened_at


def check_clocks(state: TicketState) -> None:
    """What runs is of the present round, stands still while the office waits, ends with it all."""
    for clock in state.clocks:
        check_clock(clock)
    standing = [clock for clock in state.clocks if not clock.is_stopped]
    assert all(clock.round == state.round for clock in standing)
    assert not (state.status in FINAL and standing)
    is_waiting = state.status in (S.SUPPLEMENTING, S.SUSPENDED)
    running_on = ClockKind.SUSPENSION if state.status is S.SUSPENDED else None
    warned = [
        clock
        for clock in standing
        if Rung.RED in CARDS[clock.kind] and clock.kind is not running_on
    ]
    assert all(clock.is_paused is is_waiting for clock in warned)


def check_clock(clock: Clock) -> None:
    """Due after its start, or a remainder; its times in their order."""
    if clock.is_paused:
        assert clock.due_at is None
        assert clock.remaining_seconds is not None
    elif not clock.is_stopped:
        assert clock.due_at is not None
        assert clock.remaining_seconds is None
    if clock.due_at is not None:
        assert clock.started_at <= (clock.yellow_at or clock.due_at) <= clock.due_at
    assert clock.limit_amount >= 0 <= clock.extended_by
    bounds = [instant for pause in clock.pauses for instant in pause]
    assert [clock.started_at, *bounds] == sorted([clock.started_at, *bounds])
    ends = (clock.paused_at, clock.stopped_at, clock.reminded_at, clock.overdue_at)
    assert all(end is None or end >= clock.started_at for end in ends)


def check_people(state: TicketState) -> None:
    """One unit leads where a ticket is handled, and two people stand behind its answer."""
    live = [one for one in state.assignments if one.round == state.round and one.state not in GONE]
    leads = [one.organisation_id for one in live if one.role is UnitRole.LEAD]
    assert len({one.organisation_id for one in live}) == len(live)
    assert len(leads) <= 1
    if state.status is S.HANDLING:
        assert leads == [state.lead_organisation_id]
    reply = state.reply
    if reply and reply.organisation_id and reply.released_by:
        assert reply.released_by != reply.drafted_by
    if state.status in ANSWERED:
        assert reply is not None
        assert reply.released_at is not None


def check_numbers(state: TicketState) -> None:
    """Nothing happens more often than the rules of the ticket let it."""
    assert state.supplement_count <= state.rules[Rule.SUPPLEMENT_NOTICES]
    if state.revisit is not None:
        assert state.revisit.attempts <= state.rules[Rule.REVISIT_ATTEMPTS]


def check_transfer(state: TicketState) -> None:
    """The time to hand over runs while arrears are with nobody, and only then."""
    runs = any(c.kind is ClockKind.TRANSFER and not c.is_stopped for c in state.clocks)
    is_arrears = state.ticket_class is TicketClass.ARREARS
    is_with_nobody = state.lead_organisation_id is None and state.transferred_at is None
    if runs:
        assert is_arrears
        assert is_with_nobody
        assert state.status in WAITING
    elif is_arrears and is_with_nobody and state.round == 1:
        assert state.status not in WAITING


def check_rating(state: TicketState) -> None:
    """The level on the ticket is that of the round's rating."""
    assert state.level == (state.evaluation.level if state.evaluation else None)


def check_words(state: TicketState, facts: Mapping[str, Any]) -> None:
    """Whatever an event or a matter says has a name for people."""
    said = [inner_facts(facts), *(one.details for one in state.matters)]
    unnamed = set(names_in(said)) - NAMES.keys()
    assert not unnamed, unnamed


def names_in(said: Any) -> Iterator[str]:
    """The names in it, however deep."""
    if isinstance(said, Mapping):
        yield from said
        yield from names_in([*said.values()])
    elif isinstance(said, list | tuple):
        for one in said:
            yield from names_in(one)
