"""撤回核查: what can be done, from where to where, on which conditions."""

from app.domain.decisions import pressure
from app.domain.guards import judging
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.RECORD_PRESSURE_CHECK,
        at(Status.WITHDRAWN),
        None,
        pressure.record_pressure_check,
        entitled=judging.did_not_handle,
        ready=judging.awaits_pressure_check,
        is_public=False,
    ),
)
