"""第四至六步 反馈、回访、评价: what can be done, from where to where, on which conditions."""

from app.domain.decisions import aftercare, closing
from app.domain.guards import judging
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(Act.RECEIVE_FEEDBACK, at(Status.FEEDBACK), None, aftercare.receive_feedback),
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
        at(Status.EVALUATING, Status.MERGED),
        None,
        aftercare.evaluate,
        ready=judging.may_rate,
    ),
    Transition(Act.ARCHIVE, at(Status.EVALUATING), Status.ARCHIVED, closing.archive),
    Transition(Act.CLOSE, at(Status.EVALUATING), Status.ARCHIVED, closing.close),
)
