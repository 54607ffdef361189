"""限流: how often something may happen in a window of real time, counted in the database."""

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


def forgive(key: str) -> None:
    """Forget what was counted for `key` (after a log-in that succeeded)."""
    with separate_transaction() as session:
        session.execute(sa.delete(RateCounter).where(RateCounter.key == key))
