"""The closed vocabularies of a ticket. Labels in Chinese: `labels.py`."""

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """状态: where a ticket stands."""

    SUBMITTED = "submitted"
    SUPPLEMENTING = "supplementing"
    ACCEPTED = "accepted"
    COORDINATING = "coordinating"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    REVISITING = "revisiting"
    EVALUATING = "evaluating"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Step(StrEnum):
    """六步: 受理 → 协调 → 办理 → 反馈 → 回访 → 评价."""

    ACCEPT = "accept"
    COORDINATE = "coordinate"
    HANDLE = "handle"
    FEEDBACK = "feedback"
    REVISIT = "revisit"
    EVALUATE = "evaluate"


STEP_OF: dict[Status, Step] = {
    Status.SUBMITTED: Step.ACCEPT,
    Status.SUPPLEMENTING: Step.ACCEPT,
    Status.ACCEPTED: Step.COORDINATE,
    Status.COORDINATING: Step.COORDINATE,
    Status.HANDLING: Step.HANDLE,
    Status.FEEDBACK: Step.FEEDBACK,
    Status.REVISITING: Step.REVISIT,
    Status.EVALUATING: Step.EVALUATE,
    Status.ARCHIVED: Step.EVALUATE,
}
"""The step each status belongs to; the others keep the step they were reached from."""

FINAL = frozenset({Status.ARCHIVED, Status.REFUSED, Status.WITHDRAWN, Status.MERGED})


class TicketClass(StrEnum):
    """诉求分级: decides the limits (`sla_policies`)."""

    CONSULT = "consult"
    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"
    HARD = "hard"
    ARREARS = "arrears"
    APPROVAL = "approval"


class Kind(StrEnum):
    """诉求性质."""

    CONSULTATION = "consultation"
    REQUEST = "request"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class Channel(StrEnum):
    """来源渠道."""

    MINI_PROGRAM = "mini_program"
    HOTLINE = "hotline"
    WALK_IN = "walk_in"
    VISIT = "visit"
    REFERRAL_12345 = "referral_12345"
    WHISTLE = "whistle"
    LEADER_MEETING = "leader_meeting"


class ResultCode(StrEnum):
    """办理结果."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    TRACKED_OPEN = "tracked_open"


class RefusalGround(StrEnum):
    """不予受理的理由 (the out-of-scope list of the rules)."""

    OTHER_PROCEDURE = "other_procedure"
    NOT_THIS_AREA = "not_this_area"
    SECRET = "secret"
    NO_CONTENT = "no_content"
    UNLAWFUL = "unlawful"
    REPEATED = "repeated"


class LapseGround(StrEnum):
    """视为撤回的原因: the ticket may be handed in again as it was."""

    SUPPLEMENT_OVERDUE = "supplement_overdue"
    DEFERRAL_FAILED = "deferral_failed"


class SuspensionGround(StrEnum):
    """挂起的理由 (domain, 4.4): nothing else is waited for on the clock's account."""

    ENTERPRISE = "enterprise"
    COURT_OR_HIGHER = "court_or_higher"
    EXPERT_REVIEW = "expert_review"
    TESTING = "testing"


class Tier(IntEnum):
    """三级 (domain, 4.4): the desk, the director's consultation, the leaders' joint meeting."""

    DESK = 1
    CONSULTATION = 2
    JOINT_MEETING = 3


class EscalationCause(StrEnum):
    """疑难的原因 (domain, section 5, hard problems)."""

    POLICY_GAP = "policy_gap"
    UNIT_DISPUTE = "unit_dispute"
    MISSING_PRECONDITION = "missing_precondition"
    HISTORY = "history"


class UnreasonableGround(StrEnum):
    """不合理诉求的依据: out of law, or out of fact."""

    NO_LEGAL_BASIS = "no_legal_basis"
    NOT_FACTUAL = "not_factual"


class UnitRole(StrEnum):
    """单位在一件诉求中的角色: 主办 / 协办."""

    LEAD = "lead"
    CO = "co"


class AssignmentState(StrEnum):
    """子工单的状态."""

    DISPATCHED = "dispatched"
    SIGNED = "signed"
    REPLIED = "replied"
    DONE = "done"
    CANCELLED = "cancelled"
    RETURNED = "returned"


UNANSWERED = frozenset({AssignmentState.DISPATCHED, AssignmentState.SIGNED})
"""Of these an answer is still to come."""

GONE = frozenset({AssignmentState.CANCELLED, AssignmentState.RETURNED})
"""Of these assignments nothing is asked any more."""


class ReturnGround(StrEnum):
    """退回的理由."""

    NOT_OUR_DUTY = "not_our_duty"
    NOT_OUR_AREA = "not_our_area"
    OTHER_LEADS = "other_leads"
    ALREADY_HANDLED = "already_handled"


class MatterKind(StrEnum):
    """事项: what is opened beside the straight way, and settled before a ticket can close."""

    RETURN = "return"
    CONSULTATION = "consultation"
    JOINT_MEETING = "joint_meeting"
    MEETING_TASK = "meeting_task"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    DEFERRAL = "deferral"
    UNREASONABLE = "unreasonable"
    RECTIFICATION = "rectification"
    SET_ASIDE = "set_aside"
    TRACKING = "tracking"
    PURGE = "purge"


class MatterOutcome(StrEnum):
    """事项的结果."""

    GRANTED = "granted"
    REJECTED = "rejected"
    DONE = "done"
    LAPSED = "lapsed"


class RevisitOutcome(StrEnum):
    """回访结果. `unreached` is neither solved nor unsolved."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"
