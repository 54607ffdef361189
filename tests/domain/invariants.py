"""What holds of a ticket after every step, whoever took whichever."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.domain import ticket_flow
from app.domain.matters import OUTLASTING, told_in_short
from app.domain.sla_clock import CARDS, Clock, ClockKind, Rung
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import FINAL, GONE, STEP_OF, Status, UnitRole

S = Status
ANSWERED = frozenset({S.FEEDBACK, S.REVISITING, S.EVALUATING, S.ARCHIVED})
ADMITTED = ANSWERED | {S.ACCEPTED, S.COORDINATING, S.HANDLING, S.SUSPENDED}

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


def check_rating(state: TicketState) -> None:
    """The level on the ticket is that of the round's rating."""
    assert state.level == (state.evaluation.level if state.evaluation else None)
