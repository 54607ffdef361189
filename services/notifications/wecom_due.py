"""轮到谁（企业微信）: the next message for WeCom, and whether its member may be written to now.

Whoever asks holds the message and the member until the transaction ends, so that what is counted
of a member is counted by one sender at a time; whoever else asks passes on to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.digests import Hold, is_official
from app.domain.phone_forms import Template
from app.domain.retry import Circuit
from app.domain.wecom_rates import TO_ONE_MEMBER, Rate, free_at, may_send_today, start_of_day
from app.domain.wecom_retry import Doubt
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.wecom import WecomBinding, WecomSend
from services.notifications.circuits import none_open
from services.notifications.due import INSISTS, is_true_yet, merges
from services.notifications.truth import TRUTH, with_truth
from services.notifications.ways import WECOM, Way

NEEDED = (Circuit.WECOM_TOKEN, Circuit.WECOM_SEND)
"""What sending a message takes."""


@dataclass(frozen=True, slots=True)
class WecomDue:
    """A message whose time has come. `userid` is sealed; `free_at` is when the member has room.

    `is_true`, `may_merge` and `hold` are those of `due.Due`.
    """

    delivery_id: int
    notification_id: int
    binding_id: int
    corp_id: str
    is_bound: bool
    userid: bytes = field(repr=False)
    template: Template
    number: str
    fields: Mapping[str, str] = field(repr=False)
    expires_at: datetime
    rings_always: bool
    doubt: Doubt
    free_at: datetime | None
    is_true: bool
    is_official: bool
    may_merge: bool = False
    hold: Hold | None = None

    @property
    def is_digest(self) -> bool:
        """Whether it stands for others."""
        return self.template is Template.DIGEST

    @property
    def way(self) -> Way:
        """By which it goes."""
        return WECOM


_SHOWN: tuple[Any, ...] = (
    *(Delivery.id.label("delivery_id"), Delivery.notification_id, Delivery.template),
    *(Delivery.expires_at, Delivery.rings_always, Delivery.doubtful_since, Delivery.hold),
    *(WecomBinding.id.label("binding_id"), WecomBinding.corp_id, WecomBinding.userid),
    *(WecomBinding.ended_at, Notification.fields),
)


def next_due(*, real: datetime, at: datetime) -> WecomDue | None:
    """The message that has been due longest, of several the most important; None when none is.

    Both rows are locked. `at` is business time.
    """
    # Constants of the statement, for only then does the partial index answer.
    is_pending = Delivery.state == sa.literal_column("'pending'")
    is_due = is_pending, Delivery.wecom_binding_id.is_not(None), Delivery.send_at <= at
    oldest = (
        sa.select(Delivery.id)
        .join(WecomBinding, WecomBinding.id == Delivery.wecom_binding_id)
        .where(*is_due, none_open(WecomBinding.corp_id, NEEDED, at=real))
        .order_by(Delivery.send_at, Delivery.rank.desc(), Delivery.id)
        .limit(1)
    )
    locked = oldest.with_for_update(of=[Delivery, WecomBinding], key_share=True, skip_locked=True)
    found = db.session.scalar(locked)
    return _found(found, real=real, at=at) if found else None


def _found(delivery_id: int, *, real: datetime, at: datetime) -> WecomDue:
    """A message of a ticket with all that decides about it; one about none stands for others."""
    of_ticket = with_truth(_of(delivery_id, *TRUTH, INSISTS))
    if row := db.session.execute(of_ticket).one_or_none():
        return _due(
            row._mapping,
            real,
            number=row.number,
            is_true=is_true_yet(row._mapping, at=at),
            is_official=is_official(row.role),
            may_merge=merges(row._mapping),
        )
    digest = db.session.execute(_of(delivery_id, Notification.read_at)).one()
    is_true = digest.read_at is None
    return _due(digest._mapping, real, number="", is_true=is_true, is_official=True)


def _of(delivery_id: int, *more: Any) -> sa.Select[Any]:
    shown: sa.Select[Any] = sa.select(*_SHOWN, *more)
    return (
        shown.select_from(Delivery)
        .join(WecomBinding, WecomBinding.id == Delivery.wecom_binding_id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Delivery.id == delivery_id)
    )


def has_room_today(corp_id: str, *, real: datetime) -> bool:
    """Whether the application may write another round of messages today, of Shanghai."""
    since = start_of_day(at=real)
    sent = sa.select(sa.func.count()).select_from(WecomSend).where(WecomSend.at >= since)
    members = (
        sa.select(sa.func.count())
        .select_from(WecomBinding)
        .where(WecomBinding.corp_id == corp_id, WecomBinding.ended_at.is_(None))
    )
    counted = sa.select(sent.scalar_subquery(), members.scalar_subquery())
    so_far, known = db.session.execute(counted).one()
    return known == 0 or may_send_today(so_far, known)


def note_send(binding_id: int, *, at: datetime) -> None:
    """Count an attempt to write to a member."""
    db.session.execute(sa.insert(WecomSend).values(binding_id=binding_id, at=at))


def _due(row: Mapping[Any, Any], real: datetime, **judged: Any) -> WecomDue:
    free = free_at(_last_of(row["binding_id"]))
    return WecomDue(
        is_bound=row["ended_at"] is None,
        template=Template(row["template"]),
        fields=row["fields"] or {},
        doubt=Doubt(row["doubtful_since"]),
        free_at=free if free and free > real else None,
        hold=Hold(row["hold"]) if row["hold"] else None,
        **judged,
        **{name: row[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    *("delivery_id", "notification_id", "binding_id", "corp_id", "userid"),
    *("expires_at", "rings_always"),
)


def _last_of(binding_id: int) -> dict[Rate, datetime]:
    """For each rate that was reached once, the send that has to be past its window."""
    latest = (
        sa.select(WecomSend.at)
        .where(WecomSend.binding_id == binding_id)
        .order_by(WecomSend.at.desc())
        .limit(1)
    )
    bounds = [latest.offset(rate.count - 1).scalar_subquery() for rate in TO_ONE_MEMBER]
    found = db.session.execute(sa.select(*bounds)).one()
    return {rate: at for rate, at in zip(TO_ONE_MEMBER, found, strict=True) if at is not None}
