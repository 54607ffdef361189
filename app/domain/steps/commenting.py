"""补充说明与内部备注: what can be done, from where to where, on which conditions."""

from app.domain.decisions import commenting
from app.domain.guards import units
from app.domain.permissions import Permission as Act
from app.domain.transition import UNFINISHED, Transition

ROWS = (
    Transition(
        Act.COMMENT,
        UNFINISHED,
        None,
        commenting.comment,
        entitled=units.takes_part_or_is_no_unit,
        private_outcomes=frozenset({commenting.INNER}),
        is_new_version=False,
    ),
)
