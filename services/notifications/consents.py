"""订阅消息: what the caller has consented to, and what to ask for now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.consents import ConsentAnswer, Held, Want, in_one_call, judge, wants
from app.domain.errors import FieldError, InvalidInput, Refused
from app.domain.vocabulary import FINAL, Status
from app.models.subscription import WechatQuota, WechatTemplate
from app.models.ticket import Ticket
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from services.accounts.wechat_binding import binding_of
from services.notifications import quotas
from services.visibility.tickets import visible_tickets


class NotBound(Refused):
    """您的账号还没有绑定微信，请先在小程序中登录并绑定。"""

    code = "not-bound"


@dataclass(frozen=True, slots=True)
class PopupAnswer:
    """What the person answered about one template of a popup."""

    template_id: str
    result: ConsentAnswer


@dataclass(frozen=True, slots=True)
class Subscription:
    """A template that matters to the caller. `reason` says why to ask, or why not."""

    template: str
    template_id: str
    is_long_term: bool
    remaining: int
    is_standing: bool
    answer: str | None
    answered_at: datetime | None
    ask: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All of them, the most needed first. `ask_now`: ids for one popup, as it takes them."""

    is_bound: bool
    items: list[Subscription]
    ask_now: list[str]


def record_answers(
    actor: Actor,
    appid: str,
    answers: Sequence[PopupAnswer],
    *,
    asked_id: str | None = None,
    at: datetime,
) -> None:
    """Remember what the caller answered in one popup of mini-program `appid`. `at` is real time.

    With the same `asked_id` a consent counts once. Raises `NotBound`, and `InvalidInput` for
    templates that are unknown or answered twice.
    """
    binding_id = binding_of(actor.account_id, appid)
    if binding_id is None:
        raise NotBound
    known = _types_of(appid, [answer.template_id for answer in answers])
    _check(answers, known)
    told = [
        quotas.Answer(answer.template_id, answer.result, known[answer.template_id])
        for answer in answers
    ]
    quotas.note_answers(binding_id, told, asked_id=asked_id, at=at)


def note_refusal(appid: str, openid: str, template_id: str, *, at: datetime) -> bool:
    """Remember that a person switched a template off in WeChat's settings, which nobody else tells.

    `at` is the platform's time of it. Told twice, nothing more happens. Answers whether it is about
    one of ours.
    """
    binding_id = _bound(appid, openid)
    if binding_id is None or not _types_of(appid, [template_id]):
        return False
    quotas.switch_off(binding_id, template_id, at=at)
    return True


def note_popup(appid: str, openid: str, answers: Sequence[PopupAnswer], *, at: datetime) -> bool:
    """Remember what the platform says a person answered in a popup at `at`, its own time.

    What the client has reported of the same popup, or reports later, is not counted again. Answers
    whether it is about ours.
    """
    binding_id = _bound(appid, openid)
    known = _types_of(appid, [answer.template_id for answer in answers])
    # A template that is named twice is answered once.
    told = {
        one.template_id: quotas.Answer(one.template_id, one.result, known[one.template_id])
        for one in answers
        if one.template_id in known
    }
    if binding_id is None or not told:
        return False
    quotas.note_popup(binding_id, list(told.values()), at=at)
    return True


def list_subscriptions(actor: Actor, appid: str, *, at: datetime) -> Subscriptions:
    """What to ask the caller for in the present role, and why. `at` is real time.

    Templates that cannot be used are not listed. Without a binding to mini-program `appid` there is
    nobody to ask.
    """
    binding_id = binding_of(actor.account_id, appid)
    wanted = wants(actor.role, _open_tickets(actor))
    rows = _standings(appid, [want.template for want in wanted], binding_id)
    items = [
        _subscription(want, rows[want.template], is_bound=binding_id is not None, at=at)
        for want in wanted
        if want.template in rows
    ]
    # Sorted by need already: what is to be asked comes first, of that what nothing is left of.
    items.sort(key=lambda item: (not item.ask, item.remaining > 0))
    asked = ((item.template_id, item.is_long_term) for item in items if item.ask)
    return Subscriptions(binding_id is not None, items, in_one_call(asked))


def _bound(appid: str, openid: str) -> int | None:
    return db.session.scalar(
        sa.select(WechatBinding.id).where(
            WechatBinding.appid == appid,
            WechatBinding.openid_hash == fingerprint(openid),
            WechatBinding.ended_at.is_(None),
        )
    )


def _types_of(appid: str, template_ids: Sequence[str]) -> dict[str, bool]:
    """Which of these templates of a mini-program are long-term; unknown ones are left out."""
    query = sa.select(WechatTemplate.template_id, WechatTemplate.is_long_term)
    theirs = WechatTemplate.appid == appid, WechatTemplate.template_id.in_(template_ids)
    rows = db.session.execute(query.where(*theirs))
    return {row.template_id: row.is_long_term for row in rows if row.template_id}


def _check(answers: Sequence[PopupAnswer], known: Mapping[str, bool]) -> None:
    errors, seen = [], set()
    for place, answer in enumerate(answers):
        pointer = f"/answers/{place}/template_id"
        if answer.template_id in seen:
            errors.append(FieldError(pointer, "distinct", "同一模板只能回答一次。"))
        elif answer.template_id not in known:
            errors.append(FieldError(pointer, "unknown-template", "没有这个消息模板。"))
        seen.add(answer.template_id)
    if errors:
        raise InvalidInput(errors)


def _open_tickets(actor: Actor) -> dict[Status, int]:
    """How many tickets the caller's enterprise has by status; officials are not asked for it."""
    if not actor.is_enterprise:
        return {}
    counted = sa.select(Ticket.status, sa.func.count()).where(
        visible_tickets(actor),
        Ticket.status.not_in(FINAL),
        sa.or_(Ticket.status != Status.EVALUATING, Ticket.level.is_(None)),
    )
    rows = db.session.execute(counted.group_by(Ticket.status))
    return {Status(status): count for status, count in rows}


_Standing: TypeAlias = tuple[WechatTemplate, WechatQuota | None]


def _standings(
    appid: str, templates: Sequence[str], binding_id: int | None
) -> dict[str, _Standing]:
    """The usable ones of `templates`, each with what the person holds of it."""
    held = sa.and_(
        WechatQuota.template_id == WechatTemplate.template_id,
        WechatQuota.binding_id == binding_id,
    )
    query = (
        sa.select(WechatTemplate, WechatQuota)
        .outerjoin(WechatQuota, held)
        .where(
            WechatTemplate.appid == appid,
            WechatTemplate.template.in_(templates),
            WechatTemplate.state == "usable",
        )
        .execution_options(populate_existing=True)
    )
    rows = db.session.execute(query)
    return {template.template: (template, quota) for template, quota in rows}


def _subscription(want: Want, standing: _Standing, *, is_bound: bool, at: datetime) -> Subscription:
    template, quota = standing
    held = _held(quota)
    verdict = judge(want, held, is_long_term=template.is_long_term, at=at)
    return Subscription(
        template=want.template,
        template_id=template.template_id or "",
        is_long_term=template.is_long_term,
        remaining=held.remaining,
        is_standing=held.is_standing,
        answer=held.answer,
        answered_at=held.answered_at,
        ask=verdict.ask and is_bound,
        reason=verdict.reason if is_bound else NotBound().detail,
    )


def _held(quota: WechatQuota | None) -> Held:
    if quota is None:
        return Held()
    answer = ConsentAnswer(quota.answer) if quota.answer else None
    return Held(
        quota.remaining, quota.is_standing, answer, quota.answered_at, is_refused=quota.is_refused
    )
