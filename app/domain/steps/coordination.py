"""第二步 协调: what can be done, from where to where, on which conditions."""

from app.domain.decisions import coordination, transferring
from app.domain.guards import rework
from app.domain.guards.admission import not_transferred
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.TRANSFER_OUT,
        at(Status.ACCEPTED, Status.COORDINATING),
        None,
        transferring.transfer_out,
        ready=not_transferred,
        makes_handler=True,
    ),
    Transition(
        Act.DISPATCH,
        at(Status.ACCEPTED, Status.COORDINATING),
        Status.HANDLING,
        coordination.dispatch,
        entitled=rework.may_dispatch,
        makes_handler=True,
    ),
)
