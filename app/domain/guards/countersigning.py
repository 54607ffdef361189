"""会签: its conditions."""

from app.domain.actor import Actor
from app.domain.ticket_state import Situation
from app.domain.vocabulary import AssignmentState


def may_countersign(state: Situation, actor: Actor) -> bool:
    """A draft stands, the unit has given its opinion, and has not signed this draft."""
    own, draft = state.assignment_of(actor.organisation_id), state.reply
    return (
        own is not None
        and own.state is AssignmentState.DONE
        and own.countersigned_at is None
        and draft is not None
        and draft.is_standing
    )
