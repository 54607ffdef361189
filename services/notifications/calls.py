"""电话任务的产生: what no message brings is left to people who call."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.fallbacks import NEVER_CALLED, CallCause, FallbackState
from app.domain.quiet_hours import next_opening
from app.domain.work_calendar import WorkCalendar
from app.models.fallback import Fallback, PhoneTask
from app.models.notification import Notification


def leave_to_callers(
    notification_id: int, cause: CallCause, calendar: WorkCalendar, *, at: datetime
) -> None:
    """Make the phone task of a message that has a fallback; there is never a second one.

    What is urgent is called at once, all else in office hours. Kinds that are never called stay in
    the inbox. `at` is business time.
    """
    kind = sa.select(Notification.kind).where(Notification.id == notification_id)
    if db.session.scalar(kind) in NEVER_CALLED:
        put_fallback(notification_id, FallbackState.DROPPED)
        return
    opening = next_opening(calendar, at=at)
    call_from = sa.case((Fallback.is_urgent, at), else_=opening)
    known = sa.select(
        *(Fallback.notification_id, Fallback.ticket_id, Notification.account_id),
        *(sa.literal(cause.value), Fallback.is_urgent, call_from),
        *(sa.func.greatest(Fallback.expires_at, opening), sa.literal(at)),
    ).join(Notification, Notification.id == Fallback.notification_id)
    columns = (
        *("notification_id", "ticket_id", "account_id", "cause", "is_urgent", "call_from"),
        *("expires_at", "created_at"),
    )
    mine = known.where(Fallback.notification_id == notification_id)
    making = insert(PhoneTask).from_select(columns, mine, include_defaults=False)
    db.session.execute(making.on_conflict_do_nothing())
    put_fallback(notification_id, FallbackState.CALLED)


def put_fallback(notification_id: int, state: FallbackState) -> None:
    """Where the message has come to."""
    changing = sa.update(Fallback).where(Fallback.notification_id == notification_id)
    db.session.execute(changing.values(state=state))
