"""必访: on which grounds an answer is revisited without drawing lots. Read the table, know it all.

Source: domain, section 6, and 4.4: what was found unreasonable is never left out of revisits.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from app.domain.facts.aftercare import Receipt
from app.domain.sla_clock import Clock, ClockKind
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import Channel, Kind, ResultCode, TicketClass, Tier


class RevisitGround(StrEnum):
    """必访的原因."""

    COMPLAINT = "complaint"
    URGENT = "urgent"
    HARD = "hard"
    OVERDUE = "overdue"
    EXTENDED = "extended"
    REWORKED = "reworked"
    NOT_SOLVED = "not_solved"
    ESCALATED = "escalated"
    UNREASONABLE = "unreasonable"
    LEADER_ASSIGNED = "leader_assigned"
    KEY_PROJECT = "key_project"


JUDGED = frozenset({ClockKind.ACCEPT, ClockKind.FINISH, ClockKind.ASSIGNMENT, ClockKind.OPINION})
"""Whose lateness makes a ticket an overdue one."""


def _was_late(state: TicketState, at: datetime) -> bool:
    return any(_is_over(clock, at) for clock in state.clocks if clock.kind in JUDGED)


def _is_over(clock: Clock, at: datetime) -> bool:
    ended = clock.stopped_at or at
    return clock.overdue_at is not None or (clock.due_at is not None and clock.due_at < ended)


def _is_unsolved(state: TicketState, _: datetime) -> bool:
    return state.reply is None or state.reply.result_code is not ResultCode.SOLVED


GROUNDS: Mapping[RevisitGround, Callable[[TicketState, datetime], bool]] = {
    RevisitGround.COMPLAINT: lambda state, _: state.kind is Kind.COMPLAINT,
    RevisitGround.URGENT: lambda state, _: state.ticket_class is TicketClass.URGENT,
    RevisitGround.HARD: lambda state, _: state.ticket_class is TicketClass.HARD,
    RevisitGround.OVERDUE: _was_late,
    RevisitGround.EXTENDED: lambda state, _: any(clock.extended_by for clock in state.clocks),
    RevisitGround.REWORKED: lambda state, _: state.round > 1,
    RevisitGround.NOT_SOLVED: _is_unsolved,
    RevisitGround.ESCALATED: lambda state, _: state.tier > Tier.DESK,
    RevisitGround.UNREASONABLE: lambda state, _: state.is_unreasonable,
    RevisitGround.LEADER_ASSIGNED: lambda state, _: state.channel is Channel.LEADER_MEETING,
}
"""What the ticket itself says; whose project it is, the register says."""


def grounds_of(state: TicketState, *, at: datetime) -> tuple[RevisitGround, ...]:
    """Why the ticket, delivered at `at`, must be revisited, in the order of the table."""
    return tuple(ground for ground, holds in GROUNDS.items() if holds(state, at))


def all_grounds(state: TicketState, facts: Receipt, *, at: datetime) -> tuple[RevisitGround, ...]:
    """The same, with what the register says of the enterprise."""
    of_register = (RevisitGround.KEY_PROJECT,) if facts.is_key_project else ()
    return (*grounds_of(state, at=at), *of_register)
