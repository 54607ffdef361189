"""第三步 办理: what can be done, from where to where, on which conditions."""

from app.domain.decisions import countersigning, handling
from app.domain.guards import rework, units
from app.domain.guards.countersigning import may_countersign
from app.domain.permissions import Permission as Act
from app.domain.transition import WITH_UNITS, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.SIGN_FOR,
        WITH_UNITS,
        None,
        handling.sign_for,
        entitled=units.has_assignment,
        ready=units.is_unsigned,
        makes_handler=True,
    ),
    Transition(
        Act.GIVE_OPINION,
        WITH_UNITS,
        None,
        handling.give_opinion,
        entitled=units.is_co_unit,
        ready=units.is_unanswered,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.REPLY,
        at(Status.HANDLING),
        None,
        handling.reply,
        entitled=units.is_lead_unit,
        ready=units.is_unanswered,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.COUNTERSIGN,
        at(Status.HANDLING),
        None,
        countersigning.countersign,
        entitled=units.is_co_unit,
        ready=may_countersign,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_REPLY,
        at(Status.HANDLING),
        None,
        handling.rule_reply,
        entitled=units.may_rule_reply,
        ready=units.awaits_approval,
        private_outcomes=frozenset({"returned"}),
        makes_handler=True,
    ),
    Transition(
        Act.ANSWER_DIRECTLY,
        at(Status.ACCEPTED, Status.COORDINATING),
        Status.FEEDBACK,
        handling.answer_directly,
        entitled=rework.is_another_hand,
        makes_handler=True,
    ),
)
