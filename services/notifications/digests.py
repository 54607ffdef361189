"""汇总: what an official's phone was spared becomes one message, which stands for the others.

Whoever is here holds the person (`next_due` of either way), so that nobody merges beside. A message
is sent itself, or stands in one digest (`merged`), or was dropped with a reason; what becomes of
the digest becomes of all in it, and it goes where they were going. The caller's transaction is
used, `at` is business time.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.digests import Hold, Limits, first_consented, next_time
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS, Occasion, Template, fill
from app.domain.work_calendar import WorkCalendar, local_time
from app.models.delivery import Delivery
from app.models.notification import Notification
from services.notifications.due import INSISTS, is_true_yet, merges
from services.notifications.truth import TRUTH, with_truth
from services.notifications.ways import Waiting, consented, day_of
from services.notifications.wording import wording


def set_aside(due: Waiting, limits: Limits, calendar: WorkCalendar, *, at: datetime) -> bool:
    """Whether nothing goes out now: it is held, or merged, or the digest is another one by now."""
    if due.is_digest:
        return _is_altered(due.delivery_id, at)
    if not due.may_merge or due.hold is Hold.RELEASED:
        return False
    day = day_of(due.way, due.binding_id, local_time(at).date())
    waiting = _held(due, at) if due.hold else []
    if len(waiting) <= 1 and day.pushes < limits.pushes:
        return False
    if due.hold is None or day.digests >= limits.digests:
        _hold(due, next_time(calendar, day, limits, at=at))
        return True
    return _merge(waiting, due, at)


def dissolve(digest_id: int, *, at: datetime) -> None:
    """There is no consent to the digest: the most important of its messages goes instead."""
    members = _still_true(_members(digest_id), at)
    if members:
        _choose(members, at)
    _delete(digest_id)


def follow(*delivery_ids: int) -> None:
    """What became of digests among these becomes of all that stand in them."""
    digest = sa.orm.aliased(Delivery)
    has_failed = digest.state == DeliveryState.FAILED
    following = (
        sa.update(Delivery)
        .where(
            digest.id == sa.any_(sa.cast(list(delivery_ids), sa.ARRAY(sa.BigInteger))),
            Delivery.merged_into == digest.id,
            Delivery.state.in_((DeliveryState.MERGED, DeliveryState.FAILED)),
        )
        .values(
            state=sa.case((has_failed, DeliveryState.FAILED), else_=DeliveryState.MERGED),
            reason=sa.case((has_failed, digest.reason)),
        )
    )
    db.session.execute(following, execution_options={"synchronize_session": False})


def take_along(digest_id: int) -> None:
    """All that stand in a digest go to whom, and by the way, by which it goes now."""
    digest = sa.orm.aliased(Delivery)
    goes = (Delivery.binding_id, Delivery.wecom_binding_id, Delivery.left_wecom)
    following = (
        sa.update(Delivery)
        .where(
            digest.id == digest_id,
            Delivery.merged_into == digest.id,
            Delivery.state == DeliveryState.MERGED,
        )
        .values({each.key: getattr(digest, each.key) for each in goes})
    )
    db.session.execute(following, execution_options={"synchronize_session": False})


def _hold(due: Waiting, until: datetime) -> None:
    """It waits, unless it would wait until it is of no use."""
    if due.expires_at <= until:
        _put([due.delivery_id], state=DeliveryState.FAILED, reason=Reason.DAY_FULL)
    else:
        _put([due.delivery_id], send_at=until, hold=Hold.HELD)


def _merge(waiting: Sequence[sa.Row[Any]], due: Waiting, at: datetime) -> bool:
    """Into one digest; where there is but one message, or no consent, one goes by itself."""
    if len(waiting) > 1 and Template.DIGEST in consented(waiting[0]._mapping):
        _make(waiting, at)
        return True
    return _choose(waiting, at) != due.delivery_id


_MAKE = sa.text("""
WITH told AS (
    INSERT INTO notifications
        (alarm, account_id, channel, kind, title, body, membership_id, template, fields, created_at)
    VALUES (:alarm, :account_id, 'inbox', 'digest', :title, :body, :membership_id, :template,
        CAST(:fields AS jsonb), :at)
    RETURNING id
)
INSERT INTO deliveries
    (notification_id, binding_id, wecom_binding_id, template, rank, send_at, expires_at, hold)
SELECT id, CAST(:binding_id AS bigint), CAST(:wecom_binding_id AS bigint), :template, :rank, :at,
    :expires_at, 'released' FROM told
RETURNING id
""")


def _make(members: Sequence[sa.Row[Any]], at: datetime) -> None:
    first = members[0]
    title, body = wording(MessageKind.DIGEST, str(len(members)), None)
    given = {
        **{name: getattr(first, name) for name in _OF_THE_FIRST},
        "alarm": f"digest:{first.id}:{at.isoformat()}",
        "title": title,
        "body": body,
        "template": Template.DIGEST,
        "fields": json.dumps(_shown(members)),
        "at": at,
        "expires_at": max(one.expires_at for one in members),
    }
    digest_id = db.session.execute(_MAKE, given).scalar_one()
    _put([one.id for one in members], state=DeliveryState.MERGED, merged_into=digest_id, hold=None)


_OF_THE_FIRST = ("account_id", "membership_id", "binding_id", "wecom_binding_id", "rank")


def _shown(members: Sequence[sa.Row[Any]]) -> dict[str, str]:
    first = members[0]
    occasion = Occasion(
        number=first.number,
        action=first.action,
        at=first.created_at,
        matter=first.title,
        count=len(members),
    )
    return fill(FORMS[MessageKind.DIGEST], occasion)


def _is_altered(digest_id: int, at: datetime) -> bool:
    """Leave out what is no longer true; of one message, that goes itself, and of none nothing."""
    before = _members(digest_id)
    members = _still_true(before, at)
    if len(members) == len(before):
        return False
    if len(members) > 1:
        _restate(digest_id, members)
        return True
    if members:
        _release(members[0].id, at)
    _delete(digest_id)
    return True


def _restate(digest_id: int, members: Sequence[sa.Row[Any]]) -> None:
    told = sa.select(Delivery.notification_id).where(Delivery.id == digest_id).scalar_subquery()
    _, body = wording(MessageKind.DIGEST, str(len(members)), None)
    restating = sa.update(Notification).where(Notification.id == told)
    db.session.execute(restating.values(body=body, fields=_shown(members)))


def _choose(members: Sequence[sa.Row[Any]], at: datetime) -> int:
    """The one that goes alone, the most important that may; the others stay in the inbox."""
    may_go = consented(members[0]._mapping)
    chosen = members[first_consented([one.template for one in members], may_go)].id
    others = [one.id for one in members if one.id != chosen]
    _put(others, state=DeliveryState.FAILED, reason=Reason.NO_DIGEST, merged_into=None)
    _release(chosen, at)
    return int(chosen)


def _release(delivery_id: int, at: datetime) -> None:
    pending = {"state": DeliveryState.PENDING, "reason": None, "merged_into": None}
    _put([delivery_id], **pending, hold=Hold.RELEASED, send_at=at)


def _held(due: Waiting, at: datetime) -> list[sa.Row[Any]]:
    """What waited for this hour and is to be merged, most important first; locked.

    What may have been shown already is not shown again in a digest.
    """
    waiting = (
        due.way.goes_to(due.binding_id),
        Delivery.doubtful_since.is_(None),
        Delivery.state == sa.literal_column("'pending'"),
        Delivery.hold == Hold.HELD,
        Delivery.send_at <= at,
    )
    return _still_true([row for row in _told(*waiting) if merges(row._mapping)], at)


def _members(digest_id: int) -> list[sa.Row[Any]]:
    """What stands in a digest, most important first; locked."""
    return _told(Delivery.merged_into == digest_id, Delivery.state == DeliveryState.MERGED)


def _told(*conditions: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    columns: tuple[Any, ...] = (
        *(Delivery.id, Delivery.binding_id, Delivery.wecom_binding_id),
        *(
            Delivery.template,
            Delivery.rank,
            Delivery.expires_at,
            Delivery.rings_always,
            Notification.account_id,
        ),
        *(Notification.title, Notification.created_at, *TRUTH, INSISTS),
    )
    query = sa.select(*columns).select_from(Delivery)
    told = with_truth(query.join(Notification, Notification.id == Delivery.notification_id))
    ordered = told.where(*conditions).order_by(Delivery.rank.desc(), Delivery.send_at, Delivery.id)
    locked = ordered.with_for_update(of=Delivery, key_share=True, skip_locked=True)
    return list(db.session.execute(locked))


def _still_true(rows: Sequence[sa.Row[Any]], at: datetime) -> list[sa.Row[Any]]:
    """Those that are of use; the others are dropped."""
    expired = [one for one in rows if one.expires_at <= at]
    true = [one for one in rows if one not in expired and is_true_yet(one._mapping, at=at)]
    outdated = [one.id for one in rows if one not in expired and one not in true]
    failed = {"state": DeliveryState.FAILED, "merged_into": None}
    _put([one.id for one in expired], **failed, reason=Reason.EXPIRED)
    _put(outdated, **failed, reason=Reason.OUTDATED)
    return true


def _delete(digest_id: int) -> None:
    """What never rang is no message; its entries in the ledger stay."""
    gone = sa.delete(Delivery).where(Delivery.id == digest_id).returning(Delivery.notification_id)
    told = db.session.scalars(gone).all()
    db.session.execute(sa.delete(Notification).where(Notification.id.in_(told)))


def _put(delivery_ids: Sequence[int], **values: Any) -> None:
    if delivery_ids:
        changing = sa.update(Delivery).where(Delivery.id.in_(delivery_ids)).values(values)
        db.session.execute(changing, execution_options={"synchronize_session": False})
