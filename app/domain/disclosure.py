"""What an enterprise may read of an event. Everything else in an event's facts stays inside."""

from collections.abc import Mapping
from typing import Any

from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import MatterKind, MatterOutcome
from app.domain.written import WRITTEN

_OF_TRACKING = frozenset(
    {"reason", "next_review_on", "owner_organisation_id", "owner_organisation_name"}
)

PUBLIC_FACTS: Mapping[Act, frozenset[str]] = {
    Act.SUBMIT: frozenset({"title", "channel", "resubmitted_from"}),
    Act.FIRST_CONTACT: frozenset({"contacted_at"}),
    Act.CONFIRM_CONTACT: frozenset({"was_contacted", "note"}),
    Act.ACCEPT: frozenset({"ticket_class", "category_code", "promised_days", "deferral"}),
    Act.RULE_REFUSAL: frozenset({"ground", "explanation", "right_door"}),
    Act.REQUEST_SUPPLEMENT: frozenset({"items", "attempt"}),
    Act.SUPPLY: frozenset({"answer", "attempt"}),
    Act.LAPSE_SUPPLEMENT: frozenset({"attempt"}),
    Act.WITHDRAW: frozenset({"reason"}),
    Act.URGE: frozenset({"reason"}),
    Act.COMMENT: frozenset({"text"}),
    Act.SUPPLY_DEFERRED: frozenset({"answer"}),
    Act.FAIL_DEFERRAL: frozenset({"note", "items"}),
    Act.TRANSFER_OUT: frozenset({"receiving_body", "reason", "transferred_at"}),
    Act.DISPATCH: frozenset({"lead_organisation_id", "co_organisation_ids"}),
    Act.CONCLUDE_CONSULTATION: frozenset({"lead_organisation_id", "co_organisation_ids"}),
    Act.ESCALATE: frozenset({"tier", "escalation_cause"}),
    Act.CONVENE_JOINT_MEETING: frozenset({"held_on"}),
    Act.CONCLUDE_JOINT_MEETING: frozenset({"lead_organisation_id", "co_organisation_ids"}),
    Act.TRACK_OPEN: _OF_TRACKING,
    Act.REVIEW_TRACKING: frozenset({"note", "next_review_on"}),
    Act.END_TRACKING: frozenset({"note"}),
    Act.SIGN_FOR: frozenset({"organisation_id"}),
    Act.RULE_REPLY: frozenset({"result_code", "answer", "organisation_id"}),
    Act.RULE_EXTENSION: frozenset({"days", "reason", "new_due_at"}),
    Act.RULE_SUSPENSION: frozenset({"ground", "reason", "days", "next_check_on"}),
    Act.RESUME: frozenset({"note"}),
    Act.REPORT_PROGRESS: frozenset({"text", "next_report_on"}),
    Act.RULE_UNREASONABLE: frozenset({"ground", "explanation"}),
    Act.ANSWER_DIRECTLY: frozenset({"result_code", "answer"}),
    Act.RETARGET: frozenset({"reason", "ticket_class", "promised_days", "deadlines"}),
    Act.EVALUATE: frozenset({"level", "reasons", "comment"}),
    Act.OBJECT: frozenset({"reason"}),
    Act.ORDER_REWORK: frozenset({"reason"}),
    Act.VERIFY_REVIEW: frozenset({"verdict", "explanation"}),
    Act.RULE_SET_ASIDE: frozenset({"note"}),
    Act.MERGE: frozenset({"own_parent_number"}),
    Act.UNMERGE: frozenset({"reason"}),
    Act.FORWARD_ANSWER: frozenset({"result_code", "answer"}),
    Act.CLOSE: frozenset({"reason"}),
    Act.REQUEST_PURGE: frozenset({"files", "reason"}),
    Act.RULE_PURGE: frozenset({"files", "reason", "granted", "note"}),
}

PUBLIC_MATTERS: Mapping[MatterKind, frozenset[str]] = {
    MatterKind.DEFERRAL: frozenset({"items", "promise_date"}),
    MatterKind.CONSULTATION: frozenset({"lead_organisation_id", "co_organisation_ids"}),
    MatterKind.JOINT_MEETING: frozenset({"held_on", "lead_organisation_id", "co_organisation_ids"}),
    MatterKind.EXTENSION: frozenset({"days", "reason", "new_due_at"}),
    MatterKind.UNREASONABLE: frozenset({"ground", "explanation"}),
    MatterKind.SUSPENSION: frozenset({"ground", "reason", "days", "next_check_on"}),
    MatterKind.RECTIFICATION: frozenset({"level", "verdict"}),
    MatterKind.TRACKING: _OF_TRACKING,
    MatterKind.PURGE: frozenset({"files", "reason"}),
}
"""The matters that an enterprise is told of, and which of their details."""

TOLD_ONCE_GRANTED = frozenset(
    {MatterKind.EXTENSION, MatterKind.SUSPENSION, MatterKind.UNREASONABLE}
)
"""Of these it is told what was decided for, without the remarks of the offices."""

KEPT_FROM_HANDLERS = frozenset({Act.RECORD_PRESSURE_CHECK})
OVERSEERS = frozenset({Role.SUPERVISOR, Role.REVISITOR})
"""Who reads of these events: nobody who may have handled the ticket."""

INNER_FACTS = frozenset({"clocks", "calendar_version", "hours_area", WRITTEN})
"""Bookkeeping that no representation shows."""


def public_facts(action: Act, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `facts` that the enterprise sees."""
    shown = PUBLIC_FACTS.get(action, frozenset())
    return {name: value for name, value in facts.items() if name in shown}


def public_matter(matter: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the enterprise sees of a matter; None where that is nothing."""
    told = PUBLIC_MATTERS.get(matter["kind"])
    if told is None or matter["details"].get("is_inner"):
        return None
    inner = ["opened_by", "consented_by", "settled_by"]
    if matter["kind"] in TOLD_ONCE_GRANTED:
        if matter["outcome"] != MatterOutcome.GRANTED:
            return None
        inner.append("note")
    details = {name: value for name, value in matter["details"].items() if name in told}
    return {**matter, **dict.fromkeys(inner), "details": details}


def inner_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `facts` that officials see."""
    return {name: value for name, value in facts.items() if name not in INNER_FACTS}
