"""三级协调: what can be done, from where to where, on which conditions."""

from app.domain.decisions import escalation as decisions
from app.domain.guards import escalation
from app.domain.permissions import Permission as Act
from app.domain.transition import AT_WORK, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.ESCALATE,
        AT_WORK | at(Status.SUSPENDED),
        None,
        decisions.escalate,
        entitled=escalation.reaches_higher,
        ready=escalation.is_below_the_top,
    ),
)
