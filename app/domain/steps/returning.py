"""退回和会商: what can be done, from where to where, on which conditions."""

from app.domain.decisions import consultation
from app.domain.decisions import returning as decisions
from app.domain.guards import returning, units
from app.domain.permissions import Permission as Act
from app.domain.transition import WITH_UNITS, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.REQUEST_RETURN,
        WITH_UNITS,
        None,
        decisions.request_return,
        entitled=units.has_assignment,
        ready=returning.may_return,
        is_public=False,
    ),
    Transition(
        Act.CONSENT_RETURN,
        WITH_UNITS,
        None,
        decisions.consent_return,
        entitled=returning.did_not_ask_return,
        ready=returning.return_awaits_consent,
        is_public=False,
    ),
    Transition(
        Act.RULE_RETURN,
        WITH_UNITS,
        None,
        decisions.rule_return,
        ready=returning.return_awaits_ruling,
        private_outcomes=frozenset({"co_returned", "rejected"}),
        makes_handler=True,
    ),
    Transition(
        Act.CONVENE,
        WITH_UNITS | at(Status.ACCEPTED),
        None,
        consultation.convene,
        ready=returning.nothing_convened,
        makes_handler=True,
    ),
    Transition(
        Act.CONCLUDE_CONSULTATION,
        WITH_UNITS | at(Status.ACCEPTED),
        Status.HANDLING,
        consultation.conclude_consultation,
        ready=returning.is_convened,
        makes_handler=True,
    ),
)
