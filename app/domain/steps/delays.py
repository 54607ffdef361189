"""延期与挂起: what can be done, from where to where, on which conditions."""

from app.domain.decisions import extension, suspension
from app.domain.guards import settling, suspending, units
from app.domain.guards.ticket import every
from app.domain.permissions import Permission as Act
from app.domain.transition import AT_WORK, Transition, at
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
    Transition(
        Act.REQUEST_SUSPENSION,
        AT_WORK | at(Status.SUSPENDED),
        None,
        suspension.request_suspension,
        entitled=suspending.coordinates_or_leads,
        ready=settling.none_open(MatterKind.SUSPENSION),
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_SUSPENSION,
        AT_WORK | at(Status.SUSPENDED),
        None,
        suspension.rule_suspension,
        entitled=settling.may_rule(MatterKind.SUSPENSION),
        ready=settling.awaits_ruling(MatterKind.SUSPENSION),
        private_outcomes=frozenset({"rejected"}),
        makes_handler=True,
    ),
    Transition(Act.RESUME, at(Status.SUSPENDED), None, suspension.resume, makes_handler=True),
)
