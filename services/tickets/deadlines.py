"""时限说明: how the deadlines of a ticket come about, told as the intervals that were counted."""

from datetime import datetime
from typing import Any

from app.domain import labels, sla, ticket_flow
from app.domain.actor import Actor
from app.domain.sla_clock import Clock, ClockKind
from app.domain.sla_explanation import explain
from app.domain.ticket_state import TicketState
from app.domain.work_calendar import Interval
from services.tickets.read_state import read_ticket
from services.tickets.terms import calendar_of

INTERNAL = frozenset({ClockKind.ASSIGNMENT, ClockKind.OPINION, ClockKind.REVISIT})
"""Clocks of the offices among themselves; the enterprise is told of its own."""


def explain_deadlines(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """Every clock of a visible ticket that the reader may know, the first started first.

    `is_leading` marks the one whose due time the ticket shows. Raises `NotFound`.
    """
    state = read_ticket(actor, number)
    leading = _leading(state)
    clocks = sorted(state.clocks, key=lambda clock: (clock.round, clock.started_at))
    return {
        "number": number,
        "at": at,
        "clocks": [
            _explained(clock, at=at) | {"is_leading": clock is leading}
            for clock in clocks
            if not actor.is_enterprise or clock.kind not in INTERNAL
        ],
    }


def _leading(state: TicketState) -> Clock | None:
    clocks = {(clock.round, clock.kind, clock.organisation_id): clock for clock in state.clocks}
    clock = ticket_flow.leading(clocks, state.status, state.round)
    return clock if clock and not clock.is_stopped else None


def _explained(clock: Clock, *, at: datetime) -> dict[str, Any]:
    told = explain(clock, calendar_of(clock.calendar_version, clock.hours_area), at=at)
    return {
        "kind": clock.kind,
        "label": labels.CLOCK[clock.kind],
        "round": clock.round,
        "organisation_id": clock.organisation_id,
        "limit_amount": clock.limit_amount,
        "limit_unit": clock.limit_unit,
        "started_at": clock.started_at,
        "base_start": told.base_start,
        "due_at": told.due_at,
        "yellow_at": told.yellow_at,
        "stopped_at": clock.stopped_at,
        "light": sla.light(clock, at=at),
        "until": told.until,
        "intervals": [_shown(interval) for interval in told.intervals],
        "pauses": [_shown(pause) for pause in told.pauses],
        "total_minutes": told.total_minutes,
        "elapsed_minutes": told.elapsed_minutes,
        "remaining_minutes": told.remaining_minutes,
        "is_provisional": told.is_provisional,
        "calendar_version": clock.calendar_version,
    }


def _shown(interval: Interval) -> dict[str, Any]:
    return {"start": interval.start, "end": interval.end, "minutes": interval.seconds // 60}
