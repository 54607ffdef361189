"""The two clocks, and the only readers of wall time.

`now` is business time: real time plus an offset (zero in production) that each request and each
run of a job sets from the one row that holds it. Rules, deadlines and sweeps use it. `real` is for
sessions, tokens, signatures, leases and rate limits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from app.domain.work_calendar import LOCAL_ZONE

__all__ = ["LOCAL_ZONE", "frozen", "now", "real", "set_offset"]

_offset: ContextVar[timedelta] = ContextVar("business_clock_offset", default=timedelta(0))
_frozen: ContextVar[datetime | None] = ContextVar("frozen_real_time", default=None)


def real() -> datetime:
    """Wall time, aware, UTC."""
    return _frozen.get() or datetime.now(UTC)


def now() -> datetime:
    """Business time, aware, local zone, to the whole second (deadlines count whole seconds)."""
    return (real() + _offset.get()).astimezone(LOCAL_ZONE).replace(microsecond=0)


def set_offset(offset: timedelta) -> None:
    """Move business time for the present context only."""
    _offset.set(offset)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Real time stands still at `at` inside the block; for tests."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
