"""不合理诉求: what can be done, from where to where, on which conditions."""

from app.domain.decisions import unreasonable
from app.domain.guards import settling, units
from app.domain.guards.judging import not_found_unreasonable
from app.domain.guards.ticket import every
from app.domain.permissions import Permission as Act
from app.domain.transition import AT_WORK, Transition, at
from app.domain.vocabulary import MatterKind, Status

ROWS = (
    Transition(
        Act.PROPOSE_UNREASONABLE,
        AT_WORK,
        None,
        unreasonable.propose_unreasonable,
        entitled=units.leads_or_is_no_unit,
        ready=every(not_found_unreasonable, settling.none_open(MatterKind.UNREASONABLE)),
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_UNREASONABLE,
        AT_WORK | at(Status.SUSPENDED, Status.FEEDBACK, Status.REVISITING, Status.EVALUATING),
        None,
        unreasonable.rule_unreasonable,
        entitled=settling.rules_elsewhere(MatterKind.UNREASONABLE),
        ready=settling.awaits_ruling(MatterKind.UNREASONABLE),
        private_outcomes=frozenset({"rejected"}),
        makes_handler=True,
    ),
)
