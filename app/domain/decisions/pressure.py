"""撤回核查: whether somebody pressed the enterprise to withdraw. Rule: domain, 4.4."""

from datetime import timedelta

from app.domain.actor import Actor
from app.domain.facts.pressure import PressureCheck
from app.domain.rules import Rule
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState


def is_to_be_checked(state: TicketState, moment: Moment) -> bool:
    """Whether a withdrawal now follows closely on a talk of a handler with the enterprise."""
    called_at = state.last_contact_at
    soon = timedelta(hours=moment.terms.rules[Rule.PRESSURE_CHECK_HOURS])
    return called_at is not None and moment.at - called_at <= soon


def record_pressure_check(_: TicketState, facts: PressureCheck, __: Actor, ___: Moment) -> Effect:
    """登记核查: kept from whoever handled the ticket."""
    return Effect(
        values={"needs_pressure_check": False},
        facts={"was_pressed": facts.was_pressed, "note": facts.note},
        outcome="pressed" if facts.was_pressed else "free",
    )
