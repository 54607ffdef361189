"""限流: how often something may happen in a window of real time, or once, by the database."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import separate_transaction
from app.domain.errors import TooManyRequests
from app.models.operation import RateCounter


def count(key: str, limit: int, window: timedelta, *, at: datetime) -> None:
    """Count one occurrence of `key`, which stands whatever becomes of the work around it.

    Raises `TooManyRequests` with the seconds until the window ends.
    """
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)
    counted = (
        insert(RateCounter)
        .values(key=key, window_start=start, count=1)
        .on_conflict_do_update(
            index_elements=[RateCounter.key, RateCounter.window_start],
            set_={"count": RateCounter.count + 1},
        )
        .returning(RateCounter.count)
    )
    with separate_transaction() as session:
        so_far = session.execute(counted).scalar_one()
    if so_far > limit:
        raise TooManyRequests(int((start + window - at).total_seconds()) + 1)


def is_first(key: str, *, at: datetime) -> bool:
    """Whether `key` occurs for the first time, of whatever many ask at once, in no window.

    It is remembered for as long as counters are kept (`services.expiry`), or until forgiven.
    """
    one_at_a_time = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))
    with separate_transaction() as session:
        session.execute(sa.select(one_at_a_time))
        is_known = session.scalar(sa.select(sa.exists().where(RateCounter.key == key)))
        if not is_known:
            session.add(RateCounter(key=key, window_start=at, count=1))
    return not is_known


def forgive(key: str) -> None:
    """Forget `key` (after a log-in that succeeded, or of what has not happened after all)."""
    with separate_transaction() as session:
        session.execute(sa.delete(RateCounter).where(RateCounter.key == key))
