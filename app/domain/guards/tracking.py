"""挂账跟踪: its conditions."""

from app.domain.actor import Actor, Role
from app.domain.matters import open_matters
from app.domain.ticket_state import Situation
from app.domain.transition import AT_WORK
from app.domain.vocabulary import MatterKind, Status, Tier

UNANSWERED = AT_WORK | {Status.SUSPENDED}


def is_tracked(state: Situation, _: Actor) -> bool:
    """It is tracked open."""
    return bool(open_matters(state, MatterKind.TRACKING))


def may_track(state: Situation, actor: Actor) -> bool:
    """Stuck at the top and not answered; or tracked already, and looked at again."""
    is_stuck = state.tier == Tier.JOINT_MEETING and state.status in UNANSWERED
    return is_stuck or is_tracked(state, actor)


def owns_tracked(state: Situation, actor: Actor) -> bool:
    """A supervisor, or somebody of the unit that owns what is tracked."""
    tracked = open_matters(state, MatterKind.TRACKING)
    return actor.role is Role.SUPERVISOR or all(
        one.organisation_id == actor.organisation_id for one in tracked
    )
