"""领取送审: the next check whose turn it is, with all that the platform is told, or to people.

A claim is a lease: asking twice does no harm, so what a lost worker left is asked again. All in
real time. The caller's transactions are used.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.content_checks import Cause, CheckState, Scene, scene_of
from app.domain.permissions import Permission
from app.domain.personal_data import without_personal_data
from app.domain.retry import Circuit
from app.models.attachment import Attachment
from app.models.content_check import ContentCheck
from app.models.ticket import Ticket
from app.models.wechat import WechatBinding
from app.sealing import Unsealable
from services.content_checks.material import WORDS, names_known, with_event, words_of
from services.notifications.circuits import none_open

LEASE = timedelta(minutes=3)
"""Longer than the gateway takes at the worst for all parts of a text."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who asks: the process, for which mini-programs, and whether the platform can reach us."""

    name: str
    appids: frozenset[str]
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A check that is ours to carry out; `openid` is sealed, `text` bare of personal data.

    `attachment_id` is None for words. `worker` names this very claim.
    """

    check_id: int
    appid: str
    attachment_id: int | None
    scene: Scene
    tries: int
    worker: str
    leased_until: datetime
    openid: bytes = field(repr=False)
    text: str = field(default="", repr=False)

    @property
    def circuit(self) -> Circuit:
        return Circuit.TEXT_CHECKS if self.attachment_id is None else Circuit.FILE_CHECKS


def next_check(appids: Collection[str], *, at: datetime) -> ContentCheck | None:
    """The check that has waited longest, locked; None when none is due, or nothing may be asked."""
    appid = sa.func.coalesce(_bound(WechatBinding.appid, appids), "")
    is_due = ContentCheck.state == sa.literal_column("'waiting'"), ContentCheck.next_at <= at
    is_file = ContentCheck.attachment_id.is_not(None)
    may_ask = sa.case(
        (is_file, none_open(appid, (Circuit.TOKEN, Circuit.FILE_CHECKS), at=at)),
        else_=none_open(appid, (Circuit.TOKEN, Circuit.TEXT_CHECKS), at=at),
    )
    oldest = sa.select(ContentCheck).where(*is_due, may_ask).order_by(ContentCheck.id).limit(1)
    return db.session.scalar(oldest.with_for_update(skip_locked=True))


def claim(worker: Worker, check: ContentCheck, *, at: datetime) -> Claim | None:
    """Take what `next_check` found; None when the platform is not asked: people are, or nobody.

    A confidential ticket leaves the house in no part.
    """
    row = _material(check, worker.appids)
    cause = _why_people(check, row, worker)
    if row["purged_at"] is not None:
        check.state = CheckState.EXEMPT
    elif cause is not None:
        check.state, check.cause = CheckState.REFERRED, cause
    else:
        return _take(worker, check, row, at)
    db.session.flush()
    return None


def _bound(column: Any, appids: Collection[str]) -> sa.ScalarSelect[Any]:
    """Of the author's newest binding to one of these mini-programs."""
    return (
        sa.select(column)
        .where(
            WechatBinding.account_id == ContentCheck.account_id,
            WechatBinding.appid.in_(appids),
            WechatBinding.ended_at.is_(None),
        )
        .order_by(WechatBinding.id.desc())
        .limit(1)
        .correlate(ContentCheck)
        .scalar_subquery()
    )


def _material(check: ContentCheck, appids: Collection[str]) -> Any:
    known = (WechatBinding.openid, WechatBinding.appid)
    bound = (_bound(one, appids).label(one.key) for one in known)
    columns = (*WORDS, Ticket.is_confidential, *bound, Attachment.purged_at)
    query = with_event(sa.select(*columns)).outerjoin(
        Attachment, Attachment.id == ContentCheck.attachment_id
    )
    return db.session.execute(query.where(ContentCheck.id == check.id)).one()._mapping


def _why_people(check: ContentCheck, row: Any, worker: Worker) -> Cause | None:
    if row["is_confidential"]:
        return Cause.CONFIDENTIAL
    if row["openid"] is None:
        return Cause.NO_OPENID
    is_file = check.attachment_id is not None
    return Cause.NO_ADDRESS if is_file and not worker.is_reachable else None


def _take(worker: Worker, check: ContentCheck, row: Any, at: datetime) -> Claim | None:
    text = ""
    if check.attachment_id is None:
        try:
            text = without_personal_data(words_of(row), names_known(check))
        except Unsealable:
            # Without the names nothing leaves the house.
            check.state, check.cause = CheckState.REFERRED, Cause.REFUSED
            db.session.flush()
            return None
    check.state, check.tries = CheckState.ASKING, check.tries + 1
    check.worker = f"{worker.name}/{secrets.token_hex(4)}"
    check.leased_until = at + LEASE
    db.session.flush()
    return Claim(
        check_id=check.id,
        appid=row["appid"],
        attachment_id=check.attachment_id,
        scene=scene_of(Permission(row["action"])),
        tries=check.tries,
        worker=check.worker,
        leased_until=check.leased_until,
        openid=row["openid"],
        text=text,
    )
