"""差评整改: its conditions."""

from app.domain.actor import Actor
from app.domain.guards.judging import did_not_handle
from app.domain.matters import open_matters
from app.domain.ticket_state import Situation
from app.domain.vocabulary import MatterKind


def is_rectifying(state: Situation, _: Actor) -> bool:
    """A rectification is open."""
    return bool(open_matters(state, MatterKind.RECTIFICATION))


def awaits_verdict(state: Situation, actor: Actor) -> bool:
    """A rectification is open, and nobody waits for a ruling on setting the rating aside."""
    return is_rectifying(state, actor) and not awaits_ruling(state, actor)


def awaits_ruling(state: Situation, _: Actor) -> bool:
    """Somebody proposed to set the rating aside."""
    return bool(open_matters(state, MatterKind.SET_ASIDE))


def is_second_office(state: Situation, actor: Actor) -> bool:
    """Neither handled it nor proposed to set the rating aside."""
    proposed = {matter.opened_by for matter in open_matters(state, MatterKind.SET_ASIDE)}
    return did_not_handle(state, actor) and actor.account_id not in proposed
