"""轮到谁: the next message to be sent, with all that decides whether it still is to be.

Whoever asks holds the person (the row of the binding) until the transaction ends, and whoever else
asks meanwhile passes on to the next person: the platform refuses two sends to one person at a time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.db import db
from app.domain.digests import Hold, is_official, may_merge
from app.domain.phone_forms import Template
from app.domain.relevance import is_still_true
from app.models.delivery import Delivery
from app.models.fallback import Fallback
from app.models.notification import Notification
from app.models.subscription import WechatTemplate
from app.models.wechat import WechatBinding
from app.prepared import Prepared
from services.notifications.circuits import none_open
from services.notifications.truth import TRUTH, present, told, with_truth
from services.notifications.ways import PHONE, Way

Time: TypeAlias = datetime | sa.BindParameter[datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come. `openid` is sealed; `field_keys` are the template's.

    `more_important`: how many of the same template wait for the person that are more so.
    `rings_always`: quiet hours do not hold it. `is_reserved`: a consent is booked for it already.
    `may_merge`: it may wait and be told with others. `is_true`: it still says what is so; of a
    digest, that nobody has read it.
    """

    delivery_id: int
    binding_id: int
    appid: str
    is_bound: bool
    openid: bytes = field(repr=False)
    template: Template
    template_id: str
    more_important: int
    number: str
    fields: Mapping[str, str] = field(repr=False)
    field_keys: Mapping[str, str]
    expires_at: datetime
    rings_always: bool
    is_reserved: bool
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
        return PHONE


def next_due(served: Collection[int] = (), *, real: datetime, at: datetime) -> Due | None:
    """The message to send next: of the person who has waited longest, the most important one.

    Both rows are locked. Who is among `served` (ids of bindings) has had a turn. None when nothing
    is due, or nothing may be sent at all. `at` is business time.
    """
    passed, times = list(served), {"at": at, "real": real}
    while found := _NEXT_PERSON.execute(times | {"passed": passed}):
        [(binding_id,)] = found
        if first := _FIRST.execute(times | {"binding_id": binding_id}):
            return _found({"delivery_id": first[0].id, "at": at}, at)
        passed.append(binding_id)
    return None


def is_any_due(*, real: datetime, at: datetime) -> bool:
    """Whether there is somebody to be sent something; nobody is locked."""
    some = _joined(sa.select(Delivery.id)).where(*_due_now(at, real))
    return bool(db.session.scalar(sa.select(some.exists())))


def _due_now(at: Time, real: Time) -> tuple[sa.ColumnElement[bool], ...]:
    other = sa.orm.aliased(Delivery)
    is_served = sa.exists().where(
        other.binding_id == Delivery.binding_id, other.state == sa.literal_column("'sending'")
    )
    return (
        *_waiting(at),
        sa.or_(WechatBinding.busy_until.is_(None), WechatBinding.busy_until <= real),
        ~is_served,
        none_open(WechatBinding.appid, at=real),
    )


def _waiting(at: Time) -> tuple[sa.ColumnElement[bool], ...]:
    # A constant of the statement, for only then does the partial index answer.
    is_pending = Delivery.state == sa.literal_column("'pending'")
    return is_pending, Delivery.send_at <= at, WechatTemplate.state == "usable"


_OF_DELIVERY = sa.and_(
    WechatTemplate.appid == WechatBinding.appid, WechatTemplate.template == Delivery.template
)
"""Each mini-program has templates of its own."""


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(Delivery)
        .join(WechatBinding, WechatBinding.id == Delivery.binding_id)
        .join(WechatTemplate, _OF_DELIVERY)
    )


def _people(passed: Any, at: Time, real: Time) -> sa.Select[Any]:
    """Who has something due, longest waiting first, as far as nobody else holds them.

    The lock leaves others free to write rows that refer to the person.
    """
    # One value however many they are, and in the order of the index alone: nothing is sorted.
    others = Delivery.binding_id != sa.all_(sa.cast(passed, ARRAY(sa.BigInteger)))
    query = _joined(sa.select(Delivery.binding_id)).where(*_due_now(at, real), others)
    longest_first = query.order_by(Delivery.send_at)
    return longest_first.with_for_update(of=WechatBinding, key_share=True, skip_locked=True)


def _first_of(binding_id: Any, at: Time) -> sa.Select[int]:
    """The most important message of a person that nobody else is at."""
    return (
        _joined(sa.select(Delivery.id))
        .where(Delivery.binding_id == binding_id, *_waiting(at))
        .order_by(Delivery.rank.desc(), Delivery.send_at, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, key_share=True, skip_locked=True)
    )


_SHOWN = (
    *(Delivery.id.label("delivery_id"), Delivery.binding_id, Delivery.template),
    *(Delivery.expires_at, Delivery.rings_always, Delivery.is_reserved, Delivery.hold),
    *(WechatBinding.appid, WechatBinding.openid, WechatBinding.ended_at),
    *(WechatTemplate.template_id, WechatTemplate.field_keys, Notification.fields),
)


def _found(values: Mapping[str, Any], at: datetime) -> Due:
    if rows := _TOLD.execute(values):
        return _due(rows[0]._asdict(), at)
    [row] = _DIGEST.execute(values)
    return _digest(row._asdict())


def _told_with(delivery_id: Any, at: Time) -> sa.Select[Any]:
    """The message of a ticket with all that decides about it."""
    return with_truth(_of(delivery_id, at, *TRUTH, INSISTS))


def _of(delivery_id: Any, at: Time, *more: Any) -> sa.Select[Any]:
    columns = (*_SHOWN, _more_important(at).label("more_important"), *more)
    shown: sa.Select[Any] = sa.select(*columns)
    of_message = _joined(shown).join(Notification, Notification.id == Delivery.notification_id)
    return of_message.where(Delivery.id == delivery_id)


INSISTS = sa.exists().where(Fallback.notification_id == Notification.id).label("insists")
"""Nobody may miss the message: it goes on by other ways."""


def merges(row: Mapping[Any, Any]) -> bool:
    """Whether a message, with `TRUTH` and `INSISTS` and `rings_always`, may be told with others."""
    given = {name: row[name] for name in ("rings_always", "insists")}
    return may_merge(row["kind"], row["role"], **given)


def is_true_yet(row: Mapping[Any, Any], *, at: datetime) -> bool:
    """Whether a message, with `TRUTH`, still says what is so."""
    return is_still_true(told(row), present(row, at=at), at=at)


def _more_important(at: Time) -> sa.ScalarSelect[int]:
    """Those that quiet hours hold count as well: the last consents are for them."""
    other = sa.orm.aliased(Delivery)
    waits = (
        other.binding_id == Delivery.binding_id,
        other.template == Delivery.template,
        other.state == sa.literal_column("'pending'"),
        other.rank > Delivery.rank,
        other.expires_at > at,
    )
    return sa.select(sa.func.count()).select_from(other).where(*waits).scalar_subquery()


def _due(row: Mapping[Any, Any], at: datetime) -> Due:
    return Due(
        is_bound=row["ended_at"] is None,
        template=Template(row["template"]),
        fields=row["fields"] or {},
        number=row["number"],
        is_true=is_true_yet(row, at=at),
        is_official=is_official(row["role"]),
        may_merge=merges(row),
        hold=Hold(row["hold"]) if row["hold"] else None,
        **{name: row[name] for name in _AS_THEY_ARE},
    )


def _digest(of: Mapping[str, Any]) -> Due:
    """A message about no ticket: it stands for others."""
    return Due(
        is_bound=of["ended_at"] is None,
        template=Template(of["template"]),
        fields=of["fields"],
        number="",
        is_true=of["read_at"] is None,
        is_official=True,
        **{name: of[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    *("delivery_id", "binding_id", "appid", "openid", "template_id", "more_important"),
    *("field_keys", "expires_at", "rings_always", "is_reserved"),
)

_AT, _REAL = (sa.bindparam(name, type_=sa.TIMESTAMP(timezone=True)) for name in ("at", "real"))
_PASSED = sa.bindparam("passed", type_=ARRAY(sa.BigInteger))
_NEXT_PERSON = Prepared(_people(_PASSED, _AT, _REAL).limit(1))
_FIRST = Prepared(_first_of(sa.bindparam("binding_id", type_=sa.BigInteger), _AT))
_ID = sa.bindparam("delivery_id", type_=sa.BigInteger)
_TOLD = Prepared(_told_with(_ID, _AT))
_DIGEST = Prepared(_of(_ID, _AT, Notification.read_at))
