"""第四至六步 反馈、回访、评价: what can be done, from where to where, on which conditions."""

from app.domain.decisions import aftercare
from app.domain.guards import judging
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.RECEIVE_FEEDBACK, at(Status.FEEDBACK), Status.REVISITING, aftercare.receive_feedback
    ),
    Transition(
        Act.RECORD_REVISIT,
        at(Status.REVISITING),
        None,
        aftercare.record_revisit,
        entitled=judging.did_not_handle,
        is_public=False,
    ),
    Transition(
        Act.EVALUATE,
        at(Status.EVALUATING),
        None,
        aftercare.evaluate,
        ready=judging.not_yet_rated,
    ),
    Transition(Act.ARCHIVE, at(Status.EVALUATING), Status.ARCHIVED, aftercare.archive),
)
