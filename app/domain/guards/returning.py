"""退回和会商: the conditions of their actions."""

from app.domain.actor import Actor
from app.domain.guards import units
from app.domain.matters import OpenMatter, open_matters
from app.domain.ticket_state import Situation
from app.domain.vocabulary import MatterKind


def may_return(state: Situation, actor: Actor) -> bool:
    """The unit has not answered, may still return its part, and has not asked for it yet."""
    own = state.assignment_of(actor.organisation_id)
    return (
        own is not None
        and own.return_until is not None
        and units.is_unanswered(state, actor)
        and not _own_returns(state, actor)
    )


def did_not_ask_return(state: Situation, actor: Actor) -> bool:
    """The unit has a live assignment, and its approver is not the one who asks."""
    is_other = all(one.opened_by != actor.account_id for one in _own_returns(state, actor))
    return units.has_assignment(state, actor) and is_other


def return_awaits_consent(state: Situation, actor: Actor) -> bool:
    """A return that somebody of the own unit wants waits for its approver."""
    return any(not one.is_consented for one in _own_returns(state, actor))


def return_awaits_ruling(state: Situation, _: Actor) -> bool:
    """A unit stands behind its return, and nobody has ruled on it."""
    return any(one.is_consented for one in open_matters(state, MatterKind.RETURN))


def nothing_convened(state: Situation, _: Actor) -> bool:
    """No consultation is under way, nor a joint meeting, which would decide the same."""
    return not open_matters(state, MatterKind.CONSULTATION, MatterKind.JOINT_MEETING)


def is_convened(state: Situation, _: Actor) -> bool:
    """A consultation is under way."""
    return bool(open_matters(state, MatterKind.CONSULTATION))


def _own_returns(state: Situation, actor: Actor) -> list[OpenMatter]:
    return [
        one
        for one in open_matters(state, MatterKind.RETURN)
        if one.organisation_id == actor.organisation_id
    ]
