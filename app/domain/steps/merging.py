"""并案: what can be done, from where to where, on which conditions."""

from app.domain.decisions import merging
from app.domain.guards import merging as guards
from app.domain.permissions import Permission as Act
from app.domain.transition import OPEN_BEFORE_ANSWER, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.MERGE,
        OPEN_BEFORE_ANSWER | at(Status.SUPPLEMENTING),
        None,
        merging.merge,
        makes_handler=True,
    ),
    Transition(
        Act.UNMERGE,
        at(Status.MERGED),
        None,
        merging.unmerge,
        ready=guards.is_unanswered_child,
    ),
    Transition(Act.FOLLOW_PARENT, at(Status.MERGED), None, merging.follow_parent, is_public=False),
    Transition(Act.FORWARD_ANSWER, at(Status.MERGED), None, merging.forward_answer),
)
