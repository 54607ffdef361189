"""办结数字的更新: what changed since the last time is counted again, days at a time.

A refresh sees the database at one moment (`app.db.snapshot`) and is alone at it (`begin_counting`).
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import db
from app.domain.spans import MONTH, ONE, cut_at_months, runs, span
from app.models.closure_figures import ClosureCount, ClosureFigures
from services.reports.changes import changed_tickets, days_of, first_and_last_day, keep_days
from services.reports.counting import count_days, definitions

LOCK = 7_241_906_312
MARGIN_SECONDS = 5
"""How much longer than need be recorded events are taken for new: a start is told a little late."""

MOST_TICKETS = 20_000
"""More changed tickets than this are met by counting everything."""

_SEEN_UNTIL = sa.text(
    "SELECT least(clock_timestamp(), min(xact_start)) - make_interval(secs => :margin)"
    " FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend'"
    " AND pid <> pg_backend_pid()"
)
"""Whoever is at work now wrote, or will write, events that are recorded as of when they began."""


_FOR_COUNTING = (
    sa.text("SET LOCAL random_page_cost = 1.1"),
    sa.text("SET LOCAL work_mem = '64MB'"),
)
"""Rows of a day are found by index, and summed without sorting them first."""

_TREE = sa.text(
    "SELECT md5(string_agg(concat_ws(' ', code, parent_code, prefix), ' ' ORDER BY code)"
    " || (SELECT count(*) FROM recoded_tickets)) FROM areas"
)


def begin_counting(guard: Session) -> datetime | None:
    """Be the only one to count while the transaction of `guard` lasts; None: somebody else is.

    Returns the real time from which recorded events may escape a snapshot that is taken next.
    """
    is_ours = guard.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK)))
    return _seen_until(guard) if is_ours else None


def wait_to_count(guard: Session) -> datetime:
    """The same, when whoever counts now has finished."""
    guard.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    return _seen_until(guard)


def _seen_until(guard: Session) -> datetime:
    seen_until: datetime = guard.execute(_SEEN_UNTIL, {"margin": MARGIN_SECONDS}).scalar_one()
    return seen_until


def refresh(seen_until: datetime, *, at: datetime) -> int:
    """Bring the figures to how things stand at `at`. Returns how many rows of figures changed.

    Everything is counted where nothing was before, or where definitions or areas have changed.
    """
    for setting in _FOR_COUNTING:
        db.session.execute(setting)
    count = db.session.get(ClosureCount, 1, populate_existing=True)
    areas = _areas()
    made_of = definitions(), areas
    tickets = None
    if count is not None and (count.definitions, count.areas) == made_of and count.told_at <= at:
        tickets = changed_tickets(count.seen_until, count.told_at, at=at)
    if tickets is None or len(tickets) > MOST_TICKETS:
        changed = _count_everything(at=at)
    else:
        changed = count_days(list(runs(days_of(tickets))), at=at)
        keep_days(tickets)
    told = {"told_at": at, "seen_until": seen_until, "definitions": made_of[0], "areas": areas}
    storing = insert(ClosureCount).values(id=1, **told)
    db.session.execute(storing.on_conflict_do_update(index_elements=["id"], set_=told))
    return changed


def recount(first: date, end: date, *, at: datetime) -> int:
    """Count the days of [first, end) anew. Returns how many rows of figures that changed."""
    return sum(count_days([stretch], at=at) for stretch in cut_at_months(first, end))


def counted_months() -> list[tuple[date, date]]:
    """The months [first, end) in which anything counts or was counted, in order."""
    found = first_and_last_day()
    return list(cut_at_months(found[0].replace(day=1), found[1] + ONE)) if found else []


def _count_everything(*, at: datetime) -> int:
    months = counted_months()
    kept = [span(first, MONTH) for first, _ in months]
    month = sa.func.left(ClosureFigures.span, MONTH)
    db.session.execute(sa.delete(ClosureFigures).where(month.not_in(kept)))
    changed = sum(count_days([month], at=at) for month in months)
    keep_days(None)
    return changed


def _areas() -> str:
    """The tree of places, by which groups are made, and how many tickets changed place with it."""
    return db.session.execute(_TREE).scalar_one() or ""
