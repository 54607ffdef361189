"""容缺: what can be done, from where to where, on which conditions."""

from app.domain.decisions import deferral_end as deferral
from app.domain.guards.deferral import is_deferred
from app.domain.permissions import Permission as Act
from app.domain.transition import WITH_UNITS, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.SUPPLY_DEFERRED,
        WITH_UNITS | at(Status.ACCEPTED),
        None,
        deferral.supply_deferred,
        ready=is_deferred,
    ),
    Transition(
        Act.FAIL_DEFERRAL,
        WITH_UNITS | at(Status.ACCEPTED),
        Status.WITHDRAWN,
        deferral.fail_deferral,
        ready=is_deferred,
        makes_handler=True,
    ),
)
