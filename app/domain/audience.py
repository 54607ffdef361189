"""谁会知道: event → who hears of it, and as which kind of message. Read the table, know it all.

How a kind looks on a phone, and which kinds stay in the inbox: `phone_forms.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.message_kinds import MessageKind
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
    CO_UNITS = "co_units"
    CONVENED = "convened"
    OWNER_UNIT = "owner_unit"
    TRACKING_OWNER = "tracking_owner"
    CLOCK_UNIT = "clock_unit"
    CLOCK_APPROVERS = "clock_approvers"
    CLOCK_REVISITORS = "clock_revisitors"
    THIRD_ROUND_SUPERVISORS = "third_round_supervisors"


class Channel(StrEnum):
    """渠道: the inbox has every message; a phone too; a short message where the phone fails."""

    INBOX = "inbox"
    PHONE = "phone"
    TEXT = "phone_and_text"


@dataclass(frozen=True, slots=True)
class Address:
    """One kind of message to one audience. Without a `channel`: as its kind goes to everybody."""

    kind: MessageKind
    audience: Audience
    channel: Channel | None = None


def _to(kind: MessageKind, *audiences: Audience) -> tuple[Address, ...]:
    return tuple(Address(kind, audience) for audience in audiences)


_A, _K = Audience, MessageKind

_AGAIN = _to(_K.NEW_TODO, _A.COORDINATORS, _A.HOUSEKEEPER, _A.THIRD_ROUND_SUPERVISORS)
"""Whoever has to dispatch the next round."""

_PURGED = _to(_K.PURGE_RULED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS)

AUDIENCES: Mapping[tuple[Act, str | None], tuple[Address, ...]] = {
    (Act.SUBMIT, None): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.ACCEPT, None): _to(_K.ACCEPTED, _A.ENTERPRISE),
    (Act.PROPOSE_REFUSAL, None): _to(_K.NEW_TODO, _A.COORDINATORS, _A.SUPERVISORS),
    (Act.RULE_REFUSAL, "approved"): _to(_K.REFUSED, _A.ENTERPRISE),
    (Act.RULE_REFUSAL, "rejected"): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.REQUEST_SUPPLEMENT, None): _to(_K.SUPPLEMENT_NEEDED, _A.ENTERPRISE),
    (Act.CONFIRM_CONTACT, "denied"): _to(_K.CONTACT_DENIED, _A.COORDINATORS, _A.SUPERVISORS),
    (Act.LAPSE_SUPPLEMENT, None): _to(_K.SUPPLEMENT_LAPSED, _A.ENTERPRISE, _A.HOUSEKEEPER),
    (Act.SUPPLY, None): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.WITHDRAW, None): _to(_K.WITHDRAWN, _A.HOUSEKEEPER, _A.UNITS),
    (Act.URGE, None): _to(_K.URGED, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS, _A.LEAD_APPROVERS),
    (Act.COMMENT, "from_enterprise"): _to(_K.REMARK_ADDED, _A.HOUSEKEEPER, _A.LEAD_HANDLERS),
    (Act.COMMENT, "inner"): _to(_K.NOTE_ADDED, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS),
    (Act.SUPPLY_DEFERRED, None): _to(_K.DEFERRAL_SUPPLIED, _A.HOUSEKEEPER, _A.LEAD_HANDLERS),
    (Act.FAIL_DEFERRAL, None): _to(_K.DEFERRAL_FAILED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.DISPATCH, None): _to(_K.NEW_TODO, _A.UNITS),
    (Act.REQUEST_RETURN, "asked"): _to(_K.RETURN_ASKED, _A.CLOCK_APPROVERS),
    (Act.REQUEST_RETURN, "consented"): _to(_K.RETURN_ASKED, _A.COORDINATORS),
    (Act.CONSENT_RETURN, "consented"): _to(_K.RETURN_ASKED, _A.COORDINATORS),
    (Act.CONSENT_RETURN, "declined"): _to(_K.RETURN_RULED, _A.CLOCK_UNIT),
    (Act.RULE_RETURN, "rejected"): _to(_K.RETURN_RULED, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS),
    (Act.RULE_RETURN, "co_returned"): _to(_K.RETURN_RULED, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS),
    (Act.RULE_RETURN, "lead_returned"): (
        *_to(_K.RETURN_RULED, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS),
        *_to(_K.NEW_TODO, _A.COORDINATORS, _A.HOUSEKEEPER),
    ),
    (Act.CONVENE, None): _to(_K.CONVENED, _A.CONVENED),
    (Act.CONCLUDE_CONSULTATION, None): _to(_K.NEW_TODO, _A.UNITS),
    (Act.ESCALATE, "tier_2"): _to(
        _K.ESCALATED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS, _A.LEAD_APPROVERS
    ),
    (Act.ESCALATE, "tier_3"): _to(
        _K.ESCALATED,
        *(_A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS, _A.LEAD_APPROVERS),
        _A.SUPERVISORS,
    ),
    (Act.CONVENE_JOINT_MEETING, None): _to(
        _K.JOINT_MEETING_CALLED, _A.CONVENED, _A.COORDINATORS, _A.HOUSEKEEPER
    ),
    (Act.CONVENE_JOINT_MEETING, "moved"): _to(
        _K.JOINT_MEETING_MOVED, _A.CONVENED, _A.COORDINATORS, _A.HOUSEKEEPER
    ),
    (Act.CONCLUDE_JOINT_MEETING, None): (
        *_to(_K.NEW_TODO, _A.UNITS),
        *_to(
            _K.JOINT_MEETING_CONCLUDED,
            *(_A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.LEAD_APPROVERS),
        ),
    ),
    (Act.COMPLETE_MEETING_TASK, "task_done"): _to(_K.TASK_DONE, _A.COORDINATORS),
    (Act.COMPLETE_MEETING_TASK, "all_done"): _to(_K.TASK_DONE, _A.COORDINATORS, _A.SUPERVISORS),
    (Act.TRACK_OPEN, None): _to(
        _K.TRACKED_OPEN,
        *(_A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS, _A.OWNER_UNIT),
    ),
    (Act.TRACK_OPEN, "reviewed"): _to(
        _K.TRACKED_OPEN, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.OWNER_UNIT
    ),
    (Act.REVIEW_TRACKING, None): _to(
        _K.TRACKED_OPEN,
        *(_A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.SUPERVISORS, _A.OWNER_UNIT),
    ),
    (Act.END_TRACKING, None): _to(
        _K.TRACKING_ENDED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.COORDINATORS, _A.UNITS
    ),
    (Act.GIVE_OPINION, None): _to(_K.NEW_TODO, _A.LEAD_HANDLERS),
    (Act.REPLY, None): (
        *_to(_K.NEW_TODO, _A.LEAD_APPROVERS),
        *_to(_K.COUNTERSIGN_ASKED, _A.CO_UNITS),
    ),
    (Act.COUNTERSIGN, "objected"): _to(_K.RETURNED, _A.LEAD_HANDLERS),
    (Act.RULE_REPLY, "released"): _to(_K.FEEDBACK_READY, _A.ENTERPRISE, _A.HOUSEKEEPER),
    (Act.RULE_REPLY, "returned"): _to(_K.RETURNED, _A.LEAD_HANDLERS),
    (Act.REQUEST_EXTENSION, "to_consent"): _to(_K.NEW_TODO, _A.LEAD_APPROVERS),
    (Act.REQUEST_EXTENSION, "to_coordinators"): _to(_K.NEW_TODO, _A.COORDINATORS),
    (Act.REQUEST_EXTENSION, "to_supervisors"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.CONSENT_EXTENSION, "to_coordinators"): _to(_K.NEW_TODO, _A.COORDINATORS),
    (Act.CONSENT_EXTENSION, "to_supervisors"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.CONSENT_EXTENSION, "rejected"): _to(_K.REQUEST_REJECTED, _A.LEAD_HANDLERS),
    (Act.RULE_EXTENSION, "granted"): _to(_K.EXTENDED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.RULE_EXTENSION, "rejected"): _to(_K.REQUEST_REJECTED, _A.LEAD_HANDLERS, _A.LEAD_APPROVERS),
    (Act.REQUEST_SUSPENSION, "to_coordinators"): _to(_K.NEW_TODO, _A.COORDINATORS),
    (Act.REQUEST_SUSPENSION, "to_supervisors"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.RULE_SUSPENSION, "granted"): _to(_K.SUSPENDED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.RULE_SUSPENSION, "rejected"): _to(_K.REQUEST_REJECTED, _A.COORDINATORS, _A.LEAD_APPROVERS),
    (Act.RESUME, None): _to(_K.RESUMED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.REPORT_PROGRESS, None): _to(_K.PROGRESS_REPORTED, _A.ENTERPRISE, _A.HOUSEKEEPER),
    (Act.PROPOSE_UNREASONABLE, None): _to(_K.NEW_TODO, _A.COORDINATORS, _A.SUPERVISORS),
    (Act.RULE_UNREASONABLE, "granted"): _to(
        _K.FOUND_UNREASONABLE, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS
    ),
    (Act.RULE_UNREASONABLE, "rejected"): _to(_K.REQUEST_REJECTED, _A.LEAD_HANDLERS),
    (Act.ANSWER_DIRECTLY, None): _to(_K.FEEDBACK_READY, _A.ENTERPRISE),
    (Act.RECEIVE_FEEDBACK, None): _to(_K.NEW_TODO, _A.REVISITORS),
    (Act.RECEIVE_FEEDBACK, "exempt"): _to(_K.EVALUATION_INVITED, _A.ENTERPRISE),
    (Act.RECORD_REVISIT, "solved"): _to(_K.EVALUATION_INVITED, _A.ENTERPRISE),
    (Act.RECORD_REVISIT, "unreached"): _to(_K.REVISIT_MISSED, _A.ENTERPRISE),
    (Act.RETARGET, "moved"): _to(_K.DEADLINE_MOVED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.RETARGET, "by_hand"): _to(_K.DEADLINE_MOVED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.RECORD_REVISIT, "unsolved"): _AGAIN,
    (Act.OBJECT, None): _AGAIN,
    (Act.ORDER_REWORK, None): (*_AGAIN, *_to(_K.REWORK_STARTED, _A.ENTERPRISE)),
    (Act.EVALUATE, "bad"): _to(_K.BAD_REVIEW, _A.SUPERVISORS, _A.COORDINATORS),
    (Act.VERIFY_REVIEW, "upheld"): (*_AGAIN, *_to(_K.REVIEW_VERIFIED, _A.ENTERPRISE)),
    (Act.VERIFY_REVIEW, "fixed"): _to(_K.REVIEW_VERIFIED, _A.ENTERPRISE),
    (Act.VERIFY_REVIEW, "explained"): _to(_K.REVIEW_VERIFIED, _A.ENTERPRISE),
    (Act.VERIFY_REVIEW, "set_aside"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.RULE_SET_ASIDE, "approved"): _to(_K.REVIEW_VERIFIED, _A.ENTERPRISE),
    (Act.RULE_SET_ASIDE, "rejected"): _to(_K.BAD_REVIEW, _A.COORDINATORS),
    (Act.MERGE, None): _to(_K.MERGED, _A.ENTERPRISE, _A.HOUSEKEEPER, _A.UNITS),
    (Act.UNMERGE, None): _to(_K.NEW_TODO, _A.HOUSEKEEPER),
    (Act.FORWARD_ANSWER, None): _to(_K.ANSWER_PASSED_ON, _A.ENTERPRISE),
    (Act.CLOSE, "rated"): _to(_K.CLOSED, _A.ENTERPRISE),
    (Act.CLOSE, "unrated"): _to(_K.CLOSED, _A.ENTERPRISE),
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
    (Act.REMIND, "transfer"): _to(_K.DUE_SOON, _A.HOUSEKEEPER, _A.COORDINATORS),
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
    (Act.REMIND_OF_DAY, "meeting_tomorrow"): _to(
        _K.MEETING_TOMORROW, _A.CONVENED, _A.SUPERVISORS, _A.COORDINATORS, _A.HOUSEKEEPER
    ),
    (Act.REMIND_OF_DAY, "task_late"): _to(
        _K.TASK_LATE, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS, _A.COORDINATORS
    ),
    (Act.REMIND_OF_DAY, "review_due"): _to(_K.REVIEW_DUE, _A.TRACKING_OWNER, _A.SUPERVISORS),
    (Act.REQUEST_PURGE, "to_supervisors"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.REQUEST_PURGE, "inner_to_supervisors"): _to(_K.NEW_TODO, _A.SUPERVISORS),
    (Act.RULE_PURGE, "granted"): _PURGED,
    (Act.RULE_PURGE, "rejected"): _PURGED,
    (Act.RULE_PURGE, "inner_granted"): _to(_K.PURGE_RULED, _A.HOUSEKEEPER, _A.COORDINATORS),
    (Act.RULE_PURGE, "inner_rejected"): _to(_K.PURGE_RULED, _A.HOUSEKEEPER, _A.COORDINATORS),
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
"""Events that nobody needs to be told about are not listed. Of the rungs this is what is shipped:
what holds on a day stands in `rung_recipients`."""


def addresses(action: Act, outcome: str | None) -> tuple[Address, ...]:
    """Who hears of an event with this outcome."""
    return AUDIENCES.get((action, outcome), ())
