"""谁会知道: event → who hears of it, and as which kind of message. Read the table, know it all.

How a kind looks on a phone, and which kinds stay in the inbox: `phone_forms.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.permissions import Permission as Act


class Audience(StrEnum):
    """听众, relative to the ticket."""

    ENTERPRISE = "enterprise"
    HOUSEKEEPER = "housekeeper"
    COORDINATORS = "coordinators"
    SUPERVISORS = "supervisors"
    REVISITORS = "revisitors"
    UNITS = "units"
    LEAD_HANDLERS = "lead_handlers"
    LEAD_APPROVERS = "lead_approvers"
    CLOCK_UNIT = "clock_unit"
    CLOCK_APPROVERS = "clock_approvers"
    CLOCK_REVISITORS = "clock_revisitors"


class MessageKind(StrEnum):
    """消息种类."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPLEMENT_NEEDED = "supplement_needed"
    NEW_TODO = "new_todo"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    FEEDBACK_READY = "feedback_ready"
    EVALUATION_INVITED = "evaluation_invited"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    BAD_REVIEW = "bad_review"
    SUPPLEMENT_REMINDER = "supplement_reminder"
    DEFERRAL_REMINDER = "deferral_reminder"
    REVISIT_DUE = "revisit_due"
    EVALUATION_REMINDER = "evaluation_reminder"
    HOUSEKEEPER_CHANGED = "housekeeper_changed"
    HANDOVER_TO_SIGN = "handover_to_sign"
    HANDOVER_SIGNED = "handover_signed"
    HANDOVER_CANCELLED = "handover_cancelled"
    NUDGE = "nudge"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True)
class Address:
    """One kind of message to one audience."""

    kind: MessageKind
    audience: Audience


def _to(kind: MessageKind, *audiences: Audience) -> tuple[Address, ...]:
    return tuple(Address(kind, audience) for audience in audiences)


_A, _K = Audience, MessageKind

AUDIENCES: Mapping[tuple[Act, str | None], tuple[Address, ...]] = {
    (Act.SUBMIT, None): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.ACCEPT, None): _to(_K.ACCEPTED, _A.ENTERPRISE),
    (Act.PROPOSE_REFUSAL, None): _to(_K.NEW_TODO, _A.COORDINATORS, _A.SUPERVISORS),
    (Act.RULE_REFUSAL, "approved"): _to(_K.REFUSED, _A.ENTERPRISE),
    (Act.RULE_REFUSAL, "rejected"): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.REQUEST_SUPPLEMENT, None): _to(_K.SUPPLEMENT_NEEDED, _A.ENTERPRISE),
    (Act.SUPPLY, None): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.WITHDRAW, None): _to(_K.WITHDRAWN, _A.HOUSEKEEPER, _A.UNITS),
    (Act.DISPATCH, None): _to(_K.NEW_TODO, _A.UNITS),
    (Act.GIVE_OPINION, None): _to(_K.NEW_TODO, _A.LEAD_HANDLERS),
    (Act.REPLY, None): _to(_K.NEW_TODO, _A.LEAD_APPROVERS),
    (Act.RULE_REPLY, "released"): _to(_K.FEEDBACK_READY, _A.ENTERPRISE, _A.HOUSEKEEPER),
    (Act.RULE_REPLY, "returned"): _to(_K.RETURNED, _A.LEAD_HANDLERS),
    (Act.ANSWER_DIRECTLY, None): _to(_K.FEEDBACK_READY, _A.ENTERPRISE),
    (Act.RECEIVE_FEEDBACK, None): _to(_K.NEW_TODO, _A.REVISITORS),
    (Act.RECORD_REVISIT, "solved"): _to(_K.EVALUATION_INVITED, _A.ENTERPRISE),
    (Act.RECORD_REVISIT, "unreached"): _to(_K.EVALUATION_INVITED, _A.ENTERPRISE),
    (Act.RECORD_REVISIT, "unsolved"): _to(_K.NEW_TODO, _A.COORDINATORS, _A.HOUSEKEEPER),
    (Act.EVALUATE, "bad"): _to(_K.BAD_REVIEW, _A.SUPERVISORS),
    (Act.REMIND, "accept"): _to(_K.DUE_SOON, _A.HOUSEKEEPER),
    (Act.REMIND, "finish"): _to(_K.DUE_SOON, _A.HOUSEKEEPER),
    (Act.REMIND, "assignment"): _to(_K.DUE_SOON, _A.CLOCK_UNIT),
    (Act.REMIND, "opinion"): _to(_K.DUE_SOON, _A.CLOCK_UNIT),
    (Act.REMIND, "supplement"): _to(_K.SUPPLEMENT_REMINDER, _A.ENTERPRISE),
    (Act.REMIND, "deferral"): _to(_K.DEFERRAL_REMINDER, _A.ENTERPRISE),
    (Act.REMIND, "stage_report"): _to(_K.DUE_SOON, _A.HOUSEKEEPER, _A.LEAD_HANDLERS),
    (Act.REMIND, "ruling"): _to(_K.DUE_SOON, _A.COORDINATORS),
    (Act.REMIND, "suspension"): _to(_K.DUE_SOON, _A.COORDINATORS),
    (Act.REMIND, "rectification"): _to(_K.DUE_SOON, _A.COORDINATORS, _A.LEAD_HANDLERS),
    (Act.REMIND, "review_contact"): _to(_K.DUE_SOON, _A.COORDINATORS),
    (Act.REMIND, "revisit"): _to(_K.REVISIT_DUE, _A.REVISITORS),
    (Act.REMIND, "evaluation"): _to(_K.EVALUATION_REMINDER, _A.ENTERPRISE),
    (Act.REMIND, "nudge_finish"): _to(_K.NUDGE, _A.HOUSEKEEPER),
    (Act.REMIND, "nudge_assignment"): _to(_K.NUDGE, _A.CLOCK_UNIT),
    (Act.REMIND, "order"): _to(
        _K.SUPERVISION, _A.SUPERVISORS, _A.COORDINATORS, _A.CLOCK_APPROVERS, _A.CLOCK_UNIT
    ),
    (Act.REMIND, "bulletin"): _to(_K.SUPERVISION, _A.SUPERVISORS, _A.CLOCK_APPROVERS),
    (Act.REMIND, "escalation"): _to(
        _K.SUPERVISION, _A.SUPERVISORS, _A.COORDINATORS, _A.CLOCK_APPROVERS
    ),
    (Act.ISSUE_CARD, "yellow"): _to(
        _K.DUE_SOON,
        *(_A.HOUSEKEEPER, _A.COORDINATORS, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS, _A.CLOCK_REVISITORS),
    ),
    (Act.ISSUE_CARD, "red"): _to(
        _K.OVERDUE,
        *(_A.HOUSEKEEPER, _A.COORDINATORS, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS, _A.CLOCK_REVISITORS),
        _A.SUPERVISORS,
    ),
}
"""Events that nobody needs to be told about are not listed."""


def addresses(action: Act, outcome: str | None) -> tuple[Address, ...]:
    """Who hears of an event with this outcome."""
    return AUDIENCES.get((action, outcome), ())
