"""The log: one JSON object a line on standard error, never with personal fields.

Callers log codes, ids and counts; a number of a phone or a name has no place in a message.
"""

import json
import logging
import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson

# What logging itself puts on every record; whatever else a record carries came in by `extra`.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Libraries tell of every connection, query and job tick at INFO; faults are enough. urllib3 writes
# whole addresses, with the secrets in them: below WARNING of every request, at WARNING of odd ones.
# SQLAlchemy writes whole rows at DEBUG, fontTools every character of a text.
LIBRARIES = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "fontTools": logging.WARNING,
    "fpdf": logging.WARNING,
    "PIL": logging.WARNING,
    "requests": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "urllib3": logging.ERROR,
    "wechatpy": logging.WARNING,
    "werkzeug": logging.WARNING,
}


STANDARD_ERROR = 2
# An object among the fields is told in its own words, which may be fewer than all its fields.
PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


class JsonLines(logging.Formatter):
    """Writes a record, its `extra` fields and its traceback as one line of JSON.

    Who logs often hands its fields over together, as `extra={"fields": …}`.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= record.fields if hasattr(record, "fields") else _extra(record)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(line, default=str, option=PLAIN).decode()
        except TypeError:
            # Half characters and numbers beyond 64 bits, which orjson does not write.
            return json.dumps(line, default=str)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # named by logging
        """Which errors, and where; not what they say, which may quote somebody's phone number."""
        return "\n".join(_told(ei[1]))


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {key: kept for key, kept in vars(record).items() if key not in STANDARD_FIELDS}


class StandardError(logging.Handler):
    """Writes each line whole, in one go: threads and processes that share the file mix no two.

    That needs no lock, at which the threads of a busy process would wait for each other.
    """

    def createLock(self) -> None:  # noqa: N802  # named by logging
        self.lock = None

    def handle(self, record: logging.LogRecord) -> bool:
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(STANDARD_ERROR, self.format(record).encode() + b"\n")
        except Exception:  # noqa: BLE001  # a log that fails is no reason to fail the work
            self.handleError(record)


def _told(fault: BaseException | None) -> Iterator[str]:
    while fault is not None:
        yield f"{type(fault).__module__}.{type(fault).__qualname__}"
        yield from _places(fault.__traceback__)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"


def configure(level: str) -> None:
    """Send the whole process's log, from `level` upwards, to standard error."""
    handler = StandardError()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Nothing of it is told, and asking for it takes longer than all the rest of a record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for library, least in LIBRARIES.items():
        logging.getLogger(library).setLevel(max(least, logging.getLevelName(level)))
