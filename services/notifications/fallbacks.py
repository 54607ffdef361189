"""后备送达: messages that nobody may miss, and that WeChat does not bring, go on by another way.

One at a time, in the caller's transaction: whoever comes meanwhile takes the next one. The rules
are those of `app.domain.fallbacks`; what is no longer true goes no further.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.delivery import DeliveryState, Reason
from app.domain.fallbacks import (
    NEVER_CALLED,
    CallCause,
    FallbackState,
    Fate,
    Step,
    next_step,
    plan_for,
)
from app.domain.message_kinds import MessageKind
from app.domain.quiet_hours import next_opening
from app.domain.relevance import is_still_true
from app.domain.work_calendar import WorkCalendar
from app.models.account import Account
from app.models.delivery import Delivery
from app.models.fallback import Fallback, TextMessage
from app.models.notification import Notification
from services.notifications.calls import leave_to_callers, put_fallback
from services.notifications.receipts import TOLD_WITHIN
from services.notifications.truth import TRUTH, present, told, with_truth

LOOK_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways on: whether short messages are configured, and the calendar of quiet hours."""

    texts: bool
    calendar: WorkCalendar


def go_on_with_next(ways: Ways, *, real: datetime, at: datetime) -> bool:
    """Look at the message that has waited longest; False when none is due.

    `at` is business time.
    """
    row = db.session.execute(_next(at)).one_or_none()
    if row is None:
        return False
    waiting = row._mapping
    step = _step(waiting, ways.calendar, at=at, real=real)
    if step is Step.GO_ON and not _leave_wechat(waiting):
        step = Step.WAIT
    if step is Step.GO_ON:
        _go_on(waiting, ways, at=at)
    elif step is Step.WAIT:
        _look_again(waiting, at=at)
    else:
        state = FallbackState.REACHED if step is Step.REACHED else FallbackState.DROPPED
        put_fallback(waiting["notification_id"], state)
    return True


def _next(at: datetime) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        *(Fallback.notification_id, Fallback.ticket_id, Fallback.is_urgent),
        *(Fallback.rings_always, Fallback.patient_until, Fallback.expires_at),
        *(Delivery.state.label("delivery"), Delivery.reason, Account.phone),
        Delivery.doubtful_since,
        sa.func.coalesce(Delivery.sent_at, Delivery.claimed_at).label("gone_at"),
    )
    # A constant of the statement, for only then does the partial index answer.
    is_due = Fallback.state == sa.literal_column("'waiting'"), Fallback.look_at <= at
    shown: sa.Select[Any] = sa.select(*columns, *TRUTH)
    query = (
        shown.select_from(Fallback)
        .join(Notification, Notification.id == Fallback.notification_id)
        .outerjoin(Delivery, Delivery.notification_id == Fallback.notification_id)
    )
    oldest = with_truth(query).where(*is_due).order_by(Fallback.look_at).limit(1)
    return oldest.with_for_update(of=Fallback, skip_locked=True)


def _step(
    waiting: Mapping[Any, Any], calendar: WorkCalendar, *, at: datetime, real: datetime
) -> Step:
    """What to do about the message; what is urgent goes on at once in quiet hours."""
    is_of_use = is_still_true(told(waiting), present(waiting, at=at), at=at)
    if not is_of_use or waiting["expires_at"] <= at:
        return Step.DROP
    if _is_called_at_once(waiting, calendar, at):
        return Step.GO_ON
    plan = plan_for(MessageKind(waiting["kind"]), urgent=waiting["is_urgent"])
    return next_step(_fate(waiting, at=at, real=real), plan) if plan else Step.DROP


def _is_called_at_once(waiting: Mapping[Any, Any], calendar: WorkCalendar, at: datetime) -> bool:
    if waiting["kind"] in NEVER_CALLED:
        return False
    return bool(waiting["is_urgent"]) and next_opening(calendar, at=at) > at


def _fate(waiting: Mapping[Any, Any], *, at: datetime, real: datetime) -> Fate:
    state, reason, gone_at = waiting["delivery"], waiting["reason"], waiting["gone_at"]
    is_patient = waiting["patient_until"] > at
    if state == DeliveryState.PENDING and waiting["doubtful_since"] and not is_patient:
        # It may have been shown: whether the next way is taken too is for the table to say.
        state = DeliveryState.UNKNOWN
    return Fate(
        DeliveryState(state) if state else None,
        Reason(reason) if reason else None,
        is_final=gone_at is None or gone_at <= real - TOLD_WITHIN,
        is_patient=is_patient,
    )


def _leave_wechat(waiting: Mapping[Any, Any]) -> bool:
    """Take the message back from WeChat, unless it is being sent there this moment.

    What is called at once, or goes beside WeChat, may go on to WeChat as well.
    """
    plan = plan_for(MessageKind(waiting["kind"]), urgent=waiting["is_urgent"])
    stays = waiting["is_urgent"] or (plan is not None and plan.goes_beside)
    if waiting["delivery"] != DeliveryState.PENDING or stays:
        return True
    mine = sa.and_(
        Delivery.notification_id == waiting["notification_id"],
        Delivery.state == DeliveryState.PENDING,
    )
    leaving = sa.update(Delivery).where(mine).returning(Delivery.id)
    gone = leaving.values(state=DeliveryState.FAILED, reason=Reason.GONE_ON)
    return db.session.execute(gone).first() is not None


def _look_again(waiting: Mapping[Any, Any], *, at: datetime) -> None:
    mine = Fallback.notification_id == waiting["notification_id"]
    db.session.execute(sa.update(Fallback).where(mine).values(look_at=at + LOOK_AGAIN))


def _go_on(waiting: Mapping[Any, Any], ways: Ways, *, at: datetime) -> None:
    """By short message where there is a number for it and it may ring, else by telephone."""
    notification_id = waiting["notification_id"]
    cause = _why_called(waiting, ways, at)
    if cause is not None:
        leave_to_callers(notification_id, cause, ways.calendar, at=at)
        return
    plan = plan_for(MessageKind(waiting["kind"]), urgent=waiting["is_urgent"])
    opening = at if waiting["rings_always"] else next_opening(ways.calendar, at=at)
    text = {
        **{name: waiting[name] for name in ("ticket_id", "expires_at", "rings_always")},
        "form": plan.form if plan else None,
        "send_at": opening,
    }
    db.session.execute(sa.insert(TextMessage).values(notification_id=notification_id, **text))
    put_fallback(notification_id, FallbackState.TEXTED)


def _why_called(waiting: Mapping[Any, Any], ways: Ways, at: datetime) -> CallCause | None:
    if _is_called_at_once(waiting, ways.calendar, at):
        return CallCause.URGENT
    if waiting["phone"] is None:
        return CallCause.NO_NUMBER
    return None if ways.texts else CallCause.TEXTS_OFF
