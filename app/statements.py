"""What a request, or a run of a job, asks of the database: counted, timed, the slow ones logged.

The text of a statement holds no values, those are bound; that is why it may stand in the log.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeAlias

import sqlalchemy as sa

log = logging.getLogger("guanjia.statements")

LONGEST_TEXT = 500

Place: TypeAlias = Callable[[], Mapping[str, Any]]
"""Tells, when it is asked, whose statement it was: the fields for the log."""


def _nowhere() -> Mapping[str, Any]:
    return {}


@dataclass(slots=True)
class Tally:
    """One piece of work: how long it has taken, its statements so far and the time they took."""

    place: Place = _nowhere
    began: float = field(default_factory=perf_counter)
    statements: int = 0
    sql_seconds: float = 0.0

    def milliseconds(self) -> float:
        """How long it has taken until now, to a tenth."""
        return round((perf_counter() - self.began) * 1000, 1)

    def sql_milliseconds(self) -> float:
        """How long its statements have taken together, to a tenth."""
        return round(self.sql_seconds * 1000, 1)


_present: ContextVar[Tally] = ContextVar("statements_of_present_work")


def begin(place: Place) -> None:
    """A new piece of work begins in the present context."""
    _present.set(Tally(place))


def present() -> Tally:
    """The tally of the present work; outside any, one that nobody reads."""
    try:
        return _present.get()
    except LookupError:
        _present.set(Tally())
        return _present.get()


def watch(engines: Iterable[sa.Engine], slow_ms: int) -> None:
    """Count and time each statement of `engines`; log those that took `slow_ms` or longer.

    What failed counts as well: a statement that a timeout has cut is among the slowest. The events
    of the dialect cost 1 µs a statement, those of the engine 10.
    """
    for engine in engines:
        for step in ("do_execute", "do_executemany", "do_execute_no_params"):
            sa.event.listen(engine, step, _timed(getattr(engine.dialect, step), slow_ms))


def _timed(execute: Callable[..., None], slow_ms: int) -> Callable[..., bool]:
    """What takes the place of a step of the dialect: the same, with an eye on the clock."""

    def timed(cursor: Any, statement: str, *rest: Any) -> bool:
        tally, began = present(), perf_counter()
        try:
            execute(cursor, statement, *rest)
        finally:
            took = perf_counter() - began
            tally.statements += 1
            tally.sql_seconds += took
            if took * 1000 >= slow_ms:
                _log_slow(statement, took, tally)
        return True

    return timed


def _log_slow(statement: str, took: float, tally: Tally) -> None:
    text = " ".join(statement.split())[:LONGEST_TEXT]
    fields = {"statement": text, "ms": round(took * 1000, 1), **tally.place()}
    log.warning("slow statement", extra={"fields": fields})
