"""预报的电话任务: enterprises whom nothing reaches before the day are called; who can be, is not.

Once for a person, a matter and the day on which it is due. `at` is business time.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.audience import Audience
from app.domain.calls import CallState
from app.domain.fallbacks import CallCause
from app.domain.message_kinds import MessageKind
from app.domain.quiet_hours import next_opening
from app.domain.reach import Window, window_after
from app.domain.work_calendar import WorkCalendar
from app.models.fallback import PhoneTask
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.forecasts.show import Channels
from services.forecasts.statement import Reach, unreachable
from services.visibility.asking import Condition

INSTANT = timedelta(microseconds=1)


def forecast_calls(channels: Channels, calendar: WorkCalendar, *, at: datetime) -> int:
    """Leave to callers whom nothing reaches for the next working day; how many tasks were made.

    Whoever was called in vain in the revisit of the ticket is not called again for a rating.
    """
    found = unreachable(_of_enterprises(channels, sa.true(), at=at), window_after(calendar, at=at))
    was_called = sa.exists().where(
        Notification.ticket_id == found.c.ticket_id,
        Notification.account_id == found.c.account_id,
        Notification.kind == MessageKind.REVISIT_MISSED,
    )
    known: tuple[Any, ...] = (
        *(found.c.ticket_id, found.c.account_id, found.c.membership_id, found.c.kind),
        *(found.c.matter, found.c.due_at),
        *(sa.literal(CallCause.UNREACHABLE.value), sa.false()),
        *(sa.literal(next_opening(calendar, at=at)), found.c.due_at, sa.literal(at)),
    )
    columns = (
        *("ticket_id", "account_id", "membership_id", "kind", "matter", "due_at"),
        *("cause", "is_urgent", "call_from", "expires_at", "created_at"),
    )
    who = sa.select(*known).where(found.c.ticket_id.is_not(None), sa.not_(was_called))
    making = insert(PhoneTask).from_select(columns, who, include_defaults=False)
    made = making.on_conflict_do_nothing().returning(PhoneTask.id)
    return len(db.session.execute(made).all())


def drop_what_is_reachable(channels: Channels, *, real: datetime, at: datetime) -> int:
    """Forecast tasks end that nobody holds and that are over: reachable, untrue, or past."""
    is_free = sa.or_(PhoneTask.holder_id.is_(None), PhoneTask.held_until <= real)
    query = sa.select(
        *(PhoneTask.id, PhoneTask.ticket_id, PhoneTask.account_id, PhoneTask.matter),
        *(PhoneTask.due_at, PhoneTask.expires_at),
    ).where(
        PhoneTask.state == sa.literal_column("'open'"),
        PhoneTask.notification_id.is_(None),
        is_free,
    )
    rows = db.session.execute(query.with_for_update(skip_locked=True)).all()
    if not rows:
        return 0
    standing = _still_unreachable(channels, rows, at=at)
    over = [row.id for row in rows if row.expires_at <= at or tuple(row[1:5]) not in standing]
    if over:
        dropped = {"state": CallState.DROPPED, "closed_at": at}
        free = {"holder_id": None, "held_until": None}
        db.session.execute(
            sa.update(PhoneTask).where(PhoneTask.id.in_(over)).values(dropped | free)
        )
    return len(over)


def _still_unreachable(channels: Channels, rows: Any, *, at: datetime) -> set[tuple[Any, ...]]:
    due = [row.due_at for row in rows]
    window = Window(min(due), max(due) + INSTANT)
    tickets = Ticket.id.in_({row.ticket_id for row in rows})
    found = unreachable(_of_enterprises(channels, tickets, at=at), window)
    query = sa.select(found.c.ticket_id, found.c.account_id, found.c.matter, found.c.due_at)
    return {tuple(row) for row in db.session.execute(query)}


def _of_enterprises(channels: Channels, tickets: Condition, *, at: datetime) -> Reach:
    means = channels.appids, channels.has_texts, channels.has_wecom
    return Reach(tickets, sa.true(), (Audience.ENTERPRISE,), *means, at)
