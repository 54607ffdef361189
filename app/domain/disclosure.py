"""What an enterprise may read of an event. Everything else in an event's facts stays inside."""

from collections.abc import Mapping
from typing import Any

from app.domain.permissions import Permission as Act
from app.domain.vocabulary import MatterKind
from app.domain.written import WRITTEN

PUBLIC_FACTS: Mapping[Act, frozenset[str]] = {
    Act.SUBMIT: frozenset({"title", "channel"}),
    Act.FIRST_CONTACT: frozenset({"contacted_at"}),
    Act.ACCEPT: frozenset({"ticket_class", "category_code", "promised_days"}),
    Act.RULE_REFUSAL: frozenset({"ground", "explanation", "right_door"}),
    Act.REQUEST_SUPPLEMENT: frozenset({"items", "attempt"}),
    Act.SUPPLY: frozenset({"answer", "attempt"}),
    Act.WITHDRAW: frozenset({"reason"}),
    Act.DISPATCH: frozenset({"lead_organisation_id", "co_organisation_ids"}),
    Act.SIGN_FOR: frozenset({"organisation_id"}),
    Act.RULE_REPLY: frozenset({"result_code", "answer", "organisation_id"}),
    Act.ANSWER_DIRECTLY: frozenset({"result_code", "answer"}),
    Act.EVALUATE: frozenset({"level", "reasons", "comment"}),
}

PUBLIC_MATTERS: Mapping[MatterKind, frozenset[str]] = {}
"""The matters that an enterprise is told of, and which of their details."""

INNER_FACTS = frozenset({"clocks", "calendar_version", "hours_area", WRITTEN})
"""Bookkeeping that no representation shows."""


def public_facts(action: Act, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `facts` that the enterprise sees."""
    shown = PUBLIC_FACTS.get(action, frozenset())
    return {name: value for name, value in facts.items() if name in shown}


def public_matter(matter: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the enterprise sees of a matter; None where that is nothing."""
    told = PUBLIC_MATTERS.get(matter["kind"])
    if told is None:
        return None
    inner = ("opened_by", "consented_by", "settled_by")
    details = {name: value for name, value in matter["details"].items() if name in told}
    return {**matter, **dict.fromkeys(inner), "details": details}


def inner_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `facts` that officials see."""
    return {name: value for name, value in facts.items() if name not in INNER_FACTS}
