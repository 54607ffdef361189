"""The closure report counted again: in plain Python, from the events alone, clocks by replay."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import db
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import ClockKind
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.tickets.terms import NEWEST_POLICY, calendar_of, ladders_of

Figures = dict[str | None, Counter[str]]


@dataclass
class Row:
    """Something that is counted: when, for which lead unit, as which figures."""

    at: datetime | None
    figures: list[str]
    unit: int | None


class Seen(NamedTuple):
    """What a row is grouped by."""

    told: "Told"
    at: datetime
    unit: int | None


@dataclass
class Part:
    """The lead unit's part in one round."""

    unit: int
    dispatched_at: datetime
    done_at: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass
class Told:
    """A ticket as its events up to `as_of` tell it; its clocks as all its events leave them."""

    area: str
    category: str | None
    as_of: datetime
    clocks: dict
    lead: int | None = None
    round: int = 1
    at: dict[str, datetime] = field(default_factory=dict)
    released: dict[int, datetime] = field(default_factory=dict)
    revisits: list[tuple[int, datetime, str]] = field(default_factory=list)
    spared: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    called: dict[int, str] = field(default_factory=dict)
    ratings: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    parts: dict[int, Part] = field(default_factory=dict)

    def due(self, kind: ClockKind, in_round: int, unit: int | None = None) -> datetime | None:
        clock = self.clocks.get((in_round, kind, unit))
        return clock.due_at if clock else None


def tell(ticket: Ticket, as_of: datetime) -> Told:
    query = sa.select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    events = list(db.session.scalars(query.order_by(TicketEvent.seq)))
    moved = (
        ClockEvent(
            event.round,
            event.at,
            calendar_of(event.facts["calendar_version"], event.facts.get("hours_area", "")),
            moves_in(event.facts),
        )
        for event in events
        if "clocks" in event.facts
    )
    clocks = replay(moved, calendar_of, ladders_of(db.session.scalar(sa.select(NEWEST_POLICY))))
    category = None
    lead = None
    for event in events:
        category = event.facts.get("category_code", category)
        if event.action == "dispatch":
            lead = event.facts["lead_organisation_id"]
        elif event.facts.get("outcome") == "unsolved":
            lead = None
    told = Told(ticket.area_code, category or ticket.category_code, as_of, clocks, lead)
    for event in events:
        if event.at <= as_of:
            _follow(told, event)
    return told


INSTANTS = {
    "submit": "submit",
    "accept": "accept",
    "rule_refusal": "refuse",
    "withdraw": "withdraw",
    "archive": "archive",
}


def _follow(told: Told, event: TicketEvent) -> None:
    outcome = event.facts.get("outcome", "")
    if event.action in INSTANTS and outcome != "rejected":
        told.at[INSTANTS[event.action]] = event.at
    _follow_units(told, event, outcome)
    if event.action == "evaluate":
        first = told.ratings.get(told.round, (event.at, 0))[0]
        told.ratings[told.round] = first, event.facts["level"]
    if event.action == "receive_feedback":
        (told.spared if outcome == "exempt" else told.delivered).append(told.round)
    if event.action == "record_revisit":
        told.called[told.round] = outcome
    if event.action == "record_revisit" and outcome != "attempted":
        told.revisits.append((told.round, event.at, outcome))
        told.round += outcome == "unsolved"


def _follow_units(told: Told, event: TicketEvent, outcome: str) -> None:
    if event.action == "dispatch":
        told.parts[told.round] = Part(event.facts["lead_organisation_id"], event.at)
    if event.action == "answer_directly" or (event.action, outcome) == ("rule_reply", "released"):
        told.released[told.round] = event.at
    part = told.parts.get(told.round)
    if part and told.round in told.released:
        part.done_at = told.released[told.round]
    elif part and event.action == "withdraw":
        part.cancelled_at = event.at


def rows_of(told: Told) -> Iterator[Row]:
    """Everything that the ticket counts as, by the definitions of the domain, section 7."""
    if "submit" not in told.at:
        return
    yield from _acceptance(told)
    if "accept" in told.at:
        yield from _completion(told)
    yield from _parts(told)
    for action, figure in (("refuse", "refused"), ("withdraw", "withdrawn")):
        yield Row(told.at.get(action), [figure], told.lead)
    if "archive" in told.at:
        first = ["first_round_rate.numerator"] if told.round == 1 else []
        figures = ["archived", "first_round_rate.denominator", *first]
        yield Row(told.at["archive"], figures, told.lead)
    yield from _aftercare(told)


def _acceptance(told: Told) -> Iterator[Row]:
    figures = ["submitted"]
    decided_at = told.at.get("accept") or told.at.get("refuse")
    due = told.due(ClockKind.ACCEPT, 1)
    was_withdrawn_early = "withdraw" in told.at and "accept" not in told.at
    if not was_withdrawn_early:
        figures.append("acceptance_rate.denominator")
        figures += ["acceptance_rate.numerator"] if "accept" in told.at else []
        figures += [] if decided_at else ["acceptance_rate.pending"]
        if due:
            late = decided_at is None and due < told.as_of
            in_time = decided_at is not None and decided_at <= due
            counted = decided_at is not None or late
            yield Row(due, _rate("timely_acceptance_rate", in_time, counted), told.lead)
    yield Row(told.at["submit"], figures, told.lead)
    if told.round not in told.released and not {"refuse", "withdraw"} & told.at.keys():
        due = told.due(ClockKind.FINISH, told.round) if "accept" in told.at else due
        overdue = ["overdue_open"] if due and due < told.as_of else []
        yield Row(told.at["submit"], ["pending", *overdue], told.lead)


def _completion(told: Told) -> Iterator[Row]:
    completed_at, withdrawn_at = told.released.get(told.round), told.at.get("withdraw")
    due = told.due(ClockKind.FINISH, told.round)
    assert due
    figures = ["accepted", "completion_rate.denominator"]
    figures += ["completion_rate.numerator"] if completed_at else []
    figures += [] if completed_at or withdrawn_at else ["completion_rate.pending"]
    yield Row(told.at["accept"], figures, told.lead)
    yield Row(completed_at, ["completed"], told.lead)
    ended_at = completed_at or withdrawn_at
    if withdrawn_at and withdrawn_at <= due:
        return
    in_time = completed_at is not None and completed_at <= due
    counted = ended_at is not None or due < told.as_of
    yield Row(due, _rate("timely_completion_rate", in_time, counted), told.lead)


def _parts(told: Told) -> Iterator[Row]:
    for in_round, part in told.parts.items():
        due = told.due(ClockKind.ASSIGNMENT, in_round, part.unit)
        assert due
        if part.cancelled_at and part.cancelled_at <= due:
            continue
        in_time = part.done_at is not None and part.done_at <= due
        counted = bool(part.done_at or part.cancelled_at or due < told.as_of)
        yield Row(due, _rate("timely_assignment_rate", in_time, counted), part.unit)


def _aftercare(told: Told) -> Iterator[Row]:
    for in_round, at, outcome in told.revisits:
        reached = outcome != "unreached"
        figures = _rate("reached_rate", reached, True)
        if reached:
            is_solved = outcome == "solved" and in_round == told.round
            figures += _rate("resolution_rate", is_solved, True)
        yield Row(at, figures, told.lead)
    yield from _revisits(told)
    invited = [in_round for in_round, _, outcome in told.revisits if outcome != "unsolved"]
    for in_round in (*invited, *told.spared):
        if window := told.due(ClockKind.EVALUATION, in_round):
            is_over = window <= told.as_of
            yield Row(window, _rate("rating_rate", in_round in told.ratings, is_over), told.lead)
    for at, level in told.ratings.values():
        yield Row(at, _rate("satisfaction_rate", level >= 3, True), told.lead)


def _revisits(told: Told) -> Iterator[Row]:
    for in_round in told.delivered:
        clock = told.clocks[in_round, ClockKind.REVISIT, None]
        outcome = told.called.get(in_round)
        figures = []
        if outcome:
            is_reached = outcome in ("solved", "unsolved")
            figures += _rate("revisit_rate", True, True)
            figures += _rate("effective_revisit_rate", is_reached, True)
            figures += ["effective_revisit_rate.pending"] if outcome == "attempted" else []
        else:
            stopped = clock.stopped_at if (clock.stopped_at or told.as_of) <= told.as_of else None
            is_late = clock.due_at < told.as_of and (stopped is None or stopped > clock.due_at)
            is_ahead = clock.due_at >= told.as_of and stopped is None
            figures += ["revisit_rate.denominator"] if is_late else []
            figures += ["revisit_rate.pending"] if is_ahead else []
        yield Row(clock.due_at, figures, told.lead)


def _rate(key: str, is_numerator: bool, is_counted: bool) -> list[str]:
    if not is_counted:
        return [f"{key}.pending"]
    return [f"{key}.denominator"] + ([f"{key}.numerator"] if is_numerator else [])


def recount(
    tickets: Sequence[Told],
    period: tuple[datetime, datetime],
    key: Callable[[Seen], Any],
    *,
    is_cohort: bool,
    unit: int | None = None,
) -> Figures:
    """Sum all rows that fall into the period; `unit`: those of one lead unit only."""
    figures: Figures = defaultdict(Counter)
    for told in tickets:
        for row in rows_of(told):
            at = told.at.get("accept") if is_cohort else row.at
            if row.at is None or at is None or not period[0] <= at < period[1]:
                continue
            if unit is None or row.unit == unit:
                figures[key(Seen(told, at, row.unit))].update(row.figures)
    return figures
