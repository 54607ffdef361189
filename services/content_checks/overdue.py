"""送审逾期: what the platform does not judge in time goes to people; nothing waits for ever.

Real time, but for how long people have left something lying.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.content_checks import Cause, CheckState
from app.domain.work_calendar import WorkCalendar
from app.models.content_check import ContentCheck


def release_lapsed(*, at: datetime) -> int:
    """What a lost worker was asking is asked again; how many."""
    lapsed = _is(CheckState.ASKING), ContentCheck.leased_until <= at
    return _put(lapsed, state=CheckState.WAITING, next_at=at, worker=None, leased_until=None)


def refer_overdue(*, at: datetime) -> int:
    """The platform's patience is over, before it was asked or before it pushed; how many."""
    is_over = ContentCheck.patient_until <= at
    waiting = _is(CheckState.WAITING), is_over
    asked = _is(CheckState.ASKED), is_over
    referred = {"state": CheckState.REFERRED}
    return _put(waiting, cause=Cause.OUTAGE, **referred) + _put(
        asked, cause=Cause.NO_RESULT, **referred
    )


def exempt_all() -> int:
    """Where there is no mini-program there is no duty to its platform; how many."""
    return _put((_is(CheckState.WAITING),), state=CheckState.EXEMPT)


def left_lying(calendar: WorkCalendar, *, at: datetime) -> list[int]:
    """What has waited for people since before yesterday, in working days. Business time."""
    since = sa.func.coalesce(ContentCheck.appealed_at, ContentCheck.created_at)
    is_referred = _is(CheckState.REFERRED)
    rows = db.session.execute(sa.select(ContentCheck.id, since).where(is_referred))
    return [check_id for check_id, began in rows if calendar.close_of_day(began, 1) < at]


def _is(state: CheckState) -> sa.ColumnElement[bool]:
    """A constant of the statement, for only then do the partial indexes answer."""
    return ContentCheck.state == sa.literal_column(f"'{state}'")


def _put(conditions: Sequence[sa.ColumnElement[bool]], **values: Any) -> int:
    """Rows that somebody else is at come another time."""
    free = sa.select(ContentCheck.id).where(*conditions).with_for_update(skip_locked=True)
    changing = sa.update(ContentCheck).where(
        ContentCheck.id == sa.any_(sa.func.array(free.scalar_subquery()))
    )
    changed = changing.values(values).returning(ContentCheck.id)
    return len(db.session.execute(changed, execution_options={"synchronize_session": False}).all())
