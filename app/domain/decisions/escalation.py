"""提级: a ticket goes up from the desk, tier by tier, and never down. Rules: domain, 4.4."""

from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.escalation import Escalation
from app.domain.guards.escalation import highest_for
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState


def escalate(state: TicketState, facts: Escalation, actor: Actor, _: Moment) -> Effect:
    """提级: every clock runs on, and whoever handles it goes on until a meeting says otherwise.

    A supervisor may pass over the director's consultation.
    """
    if facts.tier <= state.tier:
        raise _wrong("not-higher", "只能提到更高的层级，不能降级。")
    if facts.tier > highest_for(actor.role):
        raise _wrong("supervisor", "提请联席会议由督导决定。")
    raised = {"tier": int(facts.tier), "escalation_cause": facts.cause.value}
    return Effect(
        values=raised,
        facts={**raised, "explanation": facts.explanation},
        outcome=f"tier_{facts.tier}",
    )


def _wrong(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/tier", code, detail)])
