"""移交: who answers for the enterprise changes; what is due, and when, stays as it is."""

from app.domain.actor import Actor
from app.domain.facts.handover import HandedOver
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState


def hand_over(state: TicketState, facts: HandedOver, _: Actor, __: Moment) -> Effect:
    """The ticket follows its enterprise to the receiver. No clock moves."""
    return Effect(
        values={"housekeeper_id": facts.housekeeper_id},
        facts={
            "from_housekeeper_id": state.housekeeper_id,
            "housekeeper_id": facts.housekeeper_id,
            "handover_id": facts.handover_id,
        },
    )
