"""没有办成的推送, for who runs the installation: which and by what fault, and trying one again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.push import WechatPush
from services import audit
from services.paging import descending, fetch_page

NEWEST_FIRST = descending("newest-push", WechatPush.id)


class NotFailed(Conflict):
    """只有没有办成的推送可以重新办理。"""

    code = "push-not-failed"


@dataclass(frozen=True, slots=True)
class PushItem:
    """A push; of what it says only the kind is shown. `fault` is the name of the last one."""

    id: int
    event: str
    state: str
    tries: int
    fault: str | None
    received_at: datetime


def list_faults(actor: Actor, page: Page) -> tuple[list[PushItem], str | None]:
    """A page of what was given up, or broke off and will be tried again; the newest first.

    Raises `Forbidden`.
    """
    demand(actor, Permission.MANAGE_PUSHES)
    found = fetch_page(sa.select(*_SHOWN).where(_BROKE_OFF), NEWEST_FIRST, page)
    return [_item(row) for row in found.rows], found.next_cursor


def try_again(actor: Actor, push_id: int, *, at: datetime) -> PushItem:
    """A push that was given up has all its tries again, the first at once.

    Raises `Forbidden`, `NotFound`, `NotFailed`.
    """
    demand(actor, Permission.MANAGE_PUSHES)
    query = sa.select(WechatPush).where(WechatPush.id == push_id, _BROKE_OFF)
    push = db.session.scalar(query.with_for_update())
    if push is None:
        raise NotFound
    if push.state != "failed":
        raise NotFailed
    push.state, push.tries, push.next_at, push.worked_at = "waiting", 0, at, None
    db.session.flush()
    audit.record(actor, "retry_push", f"wechat_push:{push_id}", {"event": push.event})
    return _item(db.session.execute(sa.select(*_SHOWN).where(WechatPush.id == push_id)).one())


def _item(row: Any) -> PushItem:
    return PushItem(*row[: len(_SHOWN)])


_BROKE_OFF = sa.or_(
    WechatPush.state == "failed",
    sa.and_(WechatPush.state == "waiting", WechatPush.fault.is_not(None)),
)
_SHOWN = (
    WechatPush.id,
    WechatPush.event,
    WechatPush.state,
    WechatPush.tries,
    WechatPush.fault,
    WechatPush.received_at,
)
