"""差评整改: what can be done, from where to where, on which conditions."""

from app.domain.decisions import rectification
from app.domain.guards import judging
from app.domain.guards import rectification as guards
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.RECORD_REVIEW_CONTACT,
        at(Status.EVALUATING),
        None,
        rectification.record_review_contact,
        ready=guards.is_rectifying,
        is_public=False,
    ),
    Transition(
        Act.VERIFY_REVIEW,
        at(Status.EVALUATING),
        None,
        rectification.verify_review,
        entitled=judging.did_not_handle,
        ready=guards.awaits_verdict,
        private_outcomes=frozenset({"set_aside"}),
    ),
    Transition(
        Act.RULE_SET_ASIDE,
        at(Status.EVALUATING),
        None,
        rectification.rule_set_aside,
        entitled=guards.is_second_office,
        ready=guards.awaits_ruling,
        private_outcomes=frozenset({"rejected"}),
    ),
)
