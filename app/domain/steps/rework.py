"""异议与重办: what can be done, from where to where, on which conditions."""

from app.domain.decisions import rework
from app.domain.guards import judging
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.OBJECT,
        at(Status.FEEDBACK, Status.REVISITING, Status.EVALUATING),
        None,
        rework.object_to_answer,
    ),
    Transition(
        Act.ORDER_REWORK,
        at(Status.REVISITING, Status.EVALUATING),
        None,
        rework.order_rework,
        entitled=judging.did_not_handle,
    ),
)
