"""办理推送: each exactly once, in the transaction that says that it is done. Real time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.consents import ConsentAnswer
from app.models.push import WechatPush
from app.sealing import unseal
from services.content_checks.verdicts import settle_by_push
from services.gateways.wechat_push import Push, read
from services.notifications import consents, receipts
from services.notifications.consents import PopupAnswer
from services.notifications.receipts import SentEvent
from services.pushes.keep import CONTENT
from services.pushes.service_messages import ServiceMessage, take

BATCH = 200
AGAIN_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""How long it waits after each try that broke off. After one more it is left for people."""

KNOWN_ANSWERS = frozenset(ConsentAnswer)


def claim(*, at: datetime) -> Sequence[int]:
    """The pushes whose turn it is, in the order of their arrival, each a try more.

    The try is counted before it is made: what kills its worker does not come first for ever. What
    has had all its tries fails instead.
    """
    due = sa.select(WechatPush.id).where(WechatPush.state == "waiting", WechatPush.next_at <= at)
    locked = due.order_by(WechatPush.id).limit(BATCH).with_for_update(skip_locked=True)
    ids = db.session.scalars(locked).all()
    mine = sa.update(WechatPush).where(WechatPush.id.in_(ids))
    is_over = WechatPush.tries > len(AGAIN_AFTER)
    db.session.execute(mine.where(is_over).values(state="failed", worked_at=at))
    pause = sa.case(dict(enumerate(AGAIN_AFTER)), value=WechatPush.tries, else_=AGAIN_AFTER[-1])
    trying = mine.where(sa.not_(is_over)).values(tries=WechatPush.tries + 1, next_at=at + pause)
    return sorted(db.session.scalars(trying.returning(WechatPush.id)))


def work(push_id: int, *, at: datetime) -> bool:
    """Do what the push asks for, and say what it came to; False when somebody was first."""
    query = sa.select(WechatPush).where(WechatPush.id == push_id, WechatPush.state == "waiting")
    kept = db.session.scalar(query.with_for_update(skip_locked=True))
    if kept is None:
        return False
    push = read(unseal(kept.content, CONTENT))
    told_at = push.created_at or kept.received_at
    kept.result = _DOES[_kind(push)](kept.appid, push, told_at)
    kept.state, kept.fault, kept.worked_at = "done", None, at
    db.session.flush()
    return True


def note_fault(push_id: int, fault: str, *, at: datetime) -> None:
    """The last try broke off by `fault`; after the last one of all nobody tries again."""
    is_last = WechatPush.tries > len(AGAIN_AFTER)
    noting = sa.update(WechatPush).where(WechatPush.id == push_id, WechatPush.state == "waiting")
    ended = {
        "state": sa.case((is_last, "failed"), else_="waiting"),
        "worked_at": sa.case((is_last, at)),
    }
    db.session.execute(noting.values(fault=fault, **ended))


def _kind(push: Push) -> str:
    for name in ("sends", "refused", "answers", "said", "judged"):
        if getattr(push, name):
            return name
    return ""


def _settle_sends(appid: str, push: Push, told_at: datetime) -> str:
    found = [
        receipts.settle_by_event(
            SentEvent(
                appid=appid,
                openid=push.openid,
                template_id=sent.template_id,
                provider_id=sent.provider_id,
                is_delivered=sent.is_delivered,
                told_at=told_at,
            ),
            at=clock.real(),
        )
        for sent in push.sends
    ]
    return _told(any(found))


def _note_refusals(appid: str, push: Push, told_at: datetime) -> str:
    found = [
        consents.note_refusal(appid, push.openid, template_id, at=told_at)
        for template_id in push.refused
    ]
    return _told(any(found))


def _note_answers(appid: str, push: Push, told_at: datetime) -> str:
    answers = [
        PopupAnswer(template_id, ConsentAnswer(result))
        for template_id, result in push.answers
        if result in KNOWN_ANSWERS
    ]
    return _told(consents.note_popup(appid, push.openid, answers, at=told_at))


def _take_message(appid: str, push: Push, told_at: datetime) -> str:
    message = ServiceMessage(appid, push.openid, push.said, told_at)
    return "drafted" if take(message) else "queued"


def _settle_check(_: str, push: Push, __: datetime) -> str:
    is_settled = push.judged is not None and settle_by_push(push.judged, at=clock.real())
    return "told" if is_settled else "unused"


def _told(is_ours: bool) -> str:  # noqa: FBT001  # a word for a fact
    return "told" if is_ours else "nobody"


_DOES: dict[str, Callable[[str, Push, datetime], str]] = {
    "sends": _settle_sends,
    "refused": _note_refusals,
    "answers": _note_answers,
    "said": _take_message,
    "judged": _settle_check,
    "": lambda *_: "unused",
}
