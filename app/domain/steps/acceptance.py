"""第一步 受理: what can be done, from where to where, on which conditions."""

from app.domain.decisions import acceptance, supplementing
from app.domain.guards import admission
from app.domain.permissions import Permission as Act
from app.domain.transition import OPEN_BEFORE_ANSWER, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.FIRST_CONTACT,
        OPEN_BEFORE_ANSWER | at(Status.SUPPLEMENTING),
        None,
        acceptance.first_contact,
        ready=admission.not_yet_contacted,
        makes_handler=True,
    ),
    Transition(
        Act.CONFIRM_CONTACT,
        OPEN_BEFORE_ANSWER | at(Status.SUPPLEMENTING, Status.FEEDBACK),
        None,
        supplementing.confirm_contact,
        ready=admission.contact_unconfirmed,
    ),
    Transition(
        Act.ACCEPT,
        at(Status.SUBMITTED),
        Status.ACCEPTED,
        acceptance.accept,
        ready=admission.no_refusal_pending,
        makes_handler=True,
    ),
    Transition(
        Act.PROPOSE_REFUSAL,
        at(Status.SUBMITTED),
        None,
        acceptance.propose_refusal,
        ready=admission.no_refusal_pending,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_REFUSAL,
        at(Status.SUBMITTED),
        None,
        acceptance.rule_refusal,
        entitled=admission.did_not_propose_refusal,
        ready=admission.refusal_pending,
        private_outcomes=frozenset({"rejected"}),
        makes_handler=True,
    ),
    Transition(
        Act.REQUEST_SUPPLEMENT,
        at(Status.SUBMITTED),
        Status.SUPPLEMENTING,
        supplementing.request_supplement,
        ready=admission.may_ask_again,
        makes_handler=True,
    ),
    Transition(Act.SUPPLY, at(Status.SUPPLEMENTING), Status.SUBMITTED, supplementing.supply),
    Transition(
        Act.LAPSE_SUPPLEMENT,
        at(Status.SUPPLEMENTING),
        Status.WITHDRAWN,
        supplementing.lapse_supplement,
    ),
    Transition(
        Act.WITHDRAW,
        OPEN_BEFORE_ANSWER | at(Status.SUPPLEMENTING, Status.SUSPENDED),
        Status.WITHDRAWN,
        acceptance.withdraw,
    ),
)
