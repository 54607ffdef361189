"""涉密清除: what can be done, from where to where, on which conditions."""

from app.domain.decisions import purging
from app.domain.guards import settling
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition
from app.domain.vocabulary import MatterKind, Status

EVERYWHERE = frozenset(Status)
"""A leak is often found late: what has ended is purged, too."""

ROWS = (
    Transition(
        Act.REQUEST_PURGE,
        EVERYWHERE,
        None,
        purging.request_purge,
        ready=settling.none_open(MatterKind.PURGE),
        private_outcomes=frozenset(purging.INNER.values()),
    ),
    Transition(
        Act.RULE_PURGE,
        EVERYWHERE,
        None,
        purging.rule_purge,
        entitled=settling.did_not_open(MatterKind.PURGE),
        ready=settling.awaits_ruling(MatterKind.PURGE),
        private_outcomes=frozenset(purging.INNER.values()),
    ),
)
