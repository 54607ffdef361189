"""The log: one JSON object a line on standard error, never with personal fields.

Callers log codes, ids and counts; a number of a phone or a name has no place in a message.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# What logging itself puts on every record; whatever else a record carries came in by `extra`.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Libraries tell of every connection, query and job tick at INFO; faults are enough. urllib3 writes
# whole addresses, with the secrets in them: below WARNING of every request, at WARNING of odd ones.
# SQLAlchemy writes whole rows at DEBUG.
LIBRARIES = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "requests": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "urllib3": logging.ERROR,
    "wechatpy": logging.WARNING,
    "werkzeug": logging.WARNING,
}


class JsonLines(logging.Formatter):
    """Writes a record, its `extra` fields and its traceback as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: vars(record)[key] for key in vars(record).keys() - STANDARD_FIELDS}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # named by logging
        """Which errors, and where; not what they say, which may quote somebody's phone number."""
        return "\n".join(_told(ei[1]))


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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library, least in LIBRARIES.items():
        logging.getLogger(library).setLevel(max(least, logging.getLevelName(level)))
