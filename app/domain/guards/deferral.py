"""容缺: its condition."""

from app.domain.actor import Actor
from app.domain.matters import open_matters
from app.domain.ticket_state import Situation
from app.domain.vocabulary import MatterKind


def is_deferred(state: Situation, _: Actor) -> bool:
    """Material that was promised has not come yet."""
    return bool(open_matters(state, MatterKind.DEFERRAL))
