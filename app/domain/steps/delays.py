"""延期: what can be done, from where to where, on which conditions."""

from app.domain.decisions import extension
from app.domain.guards import settling, units
from app.domain.guards.ticket import every
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import MatterKind, Status

ROWS = (
    Transition(
        Act.REQUEST_EXTENSION,
        at(Status.HANDLING),
        None,
        extension.request_extension,
        entitled=units.is_lead_unit,
        ready=every(units.is_unanswered, settling.none_open(MatterKind.EXTENSION)),
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.CONSENT_EXTENSION,
        at(Status.HANDLING),
        None,
        extension.consent_extension,
        entitled=every(units.is_lead_unit, settling.did_not_open(MatterKind.EXTENSION)),
        ready=settling.awaits_consent(MatterKind.EXTENSION),
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_EXTENSION,
        at(Status.HANDLING),
        None,
        extension.rule_extension,
        entitled=settling.may_rule(MatterKind.EXTENSION),
        ready=settling.awaits_ruling(MatterKind.EXTENSION),
        private_outcomes=frozenset({"rejected"}),
        makes_handler=True,
    ),
)
