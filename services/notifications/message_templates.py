"""消息模板一览: each kind of message that goes to phones, beside the template of the account."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.fallbacks import WORDS, Fallback
from app.domain.field_types import RULES
from app.domain.kinds_on_phone import AUDIENCE_LABELS, KindOnPhone, kinds_on_phone
from app.domain.phone_forms import FIELDS, PAGE, Field, Template
from app.models.subscription import WechatTemplate
from services.notifications.templates import differences
from services.notifications.wording import BODIES, TITLES


def list_message_templates(appid: str) -> list[dict[str, Any]]:
    """Every kind of message that goes to phones, the most important first; `appid`: whose account's

    templates stand beside them.
    """
    query = sa.select(WechatTemplate).where(WechatTemplate.appid == appid)
    known = {Template(row.template): row for row in db.session.scalars(query)}
    return [_shown(kind, known.get(kind.form.template)) for kind in kinds_on_phone()]


def _shown(told: KindOnPhone, row: WechatTemplate | None) -> dict[str, Any]:
    form = told.form
    return {
        "kind": told.kind,
        "label": TITLES[told.kind],
        "wording": BODIES[told.kind],
        "template": form.template,
        "hint": form.hint,
        "fields": [_field(field) for field in FIELDS[form.template]],
        "page": PAGE.partition("?")[0],
        "rank": form.rank,
        "useful_minutes": _minutes(form.useful_for) if form.useful_for else None,
        "ignores_quiet_hours": form.is_answer,
        "audiences": [_audience(each) for each in told.audiences],
        "fallback": _fallback(told.plan),
        "urgent_fallback": _fallback(told.urgent),
        "account": _account(form.template, row),
    }


def _audience(audience: Any) -> dict[str, str]:
    return {"audience": audience, "label": AUDIENCE_LABELS[audience]}


def _field(field: Field) -> dict[str, Any]:
    rule = RULES[field.type]
    return {
        "label": field.label,
        "type": field.type,
        "longest": rule.length,
        "is_shortened": bool(rule.ellipsis),
        "source": field.source,
    }


def _fallback(plan: Fallback | None) -> dict[str, Any] | None:
    """How a kind goes on. Where the outcome is unknown: by the next way too, or not at all."""
    if plan is None:
        return None
    return {
        "text_form": plan.form,
        "text_words": WORDS[plan.form],
        "patience_minutes": _minutes(plan.patience),
        "goes_on_when_unknown": plan.is_doubled,
        "audiences": [_audience(each) for each in sorted(plan.audiences)],
    }


def _minutes(span: Any) -> int:
    return int(span.total_seconds()) // 60


def _account(template: Template, row: WechatTemplate | None) -> Mapping[str, Any] | None:
    """The account's template; None while nobody has ever compared them."""
    if row is None:
        return None
    is_there = row.template_id is not None
    return {
        "state": row.state,
        "template_id": row.template_id,
        "is_long_term": row.is_long_term,
        "reason": row.reason,
        "mismatches": list(differences(template, row.field_keys)) if is_there else [],
        "synced_at": row.synced_at,
    }


def keys_of(appid: str, template: Template) -> Mapping[str, str]:
    """Under which key the account's template has each of our fields; {} while it has none."""
    query = sa.select(WechatTemplate.field_keys).where(
        WechatTemplate.appid == appid, WechatTemplate.template == template.value
    )
    return db.session.scalar(query) or {}
