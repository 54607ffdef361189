"""The log: one JSON object a line on standard error, never with personal fields.

Callers log codes, ids and counts; a number of a phone or a name has no place in a message.
"""

import json
import logging
import sys
from datetime import UTC, datetime

# What logging itself puts on every record; whatever else a record carries came in by `extra`.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


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


def configure(level: str) -> None:
    """Send the whole process's log, from `level` upwards, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Libraries tell of every connection, query and job tick at INFO; faults are enough.
    for library in ("apscheduler", "alembic", "urllib3", "werkzeug"):
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLevelName(level)))
