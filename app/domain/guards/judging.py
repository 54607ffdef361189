"""第四至六步 反馈、回访、评价: their conditions."""

from app.domain.actor import Actor
from app.domain.ticket_state import Situation
from app.domain.vocabulary import Status


def did_not_handle(state: Situation, actor: Actor) -> bool:
    """Neither the person nor the unit handled the ticket: nobody revisits own work."""
    return (
        actor.account_id not in state.handler_account_ids
        and actor.organisation_id not in state.handler_organisation_ids
    )


def may_rate(state: Situation, _: Actor) -> bool:
    """One rating in a round, changed once; another one after a rectification; merged, answered."""
    if state.status == Status.MERGED and state.passed_on_at is None:
        return False
    return state.level is None or state.may_rate_again


def not_found_unreasonable(state: Situation, _: Actor) -> bool:
    """The ticket has not been found unreasonable yet."""
    return not state.is_unreasonable


def awaits_pressure_check(state: Situation, _: Actor) -> bool:
    """The withdrawal followed a contact closely, and nobody has looked into it yet."""
    return state.needs_pressure_check
