"""The log: one line of JSON a record."""

import json
import logging
from collections.abc import Iterator

import pytest

from config.logging import LIBRARIES, JsonLines, configure


def written(record: logging.LogRecord) -> dict:
    line = JsonLines().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_a_record_is_one_line_with_its_extras():
    record = logging.makeLogRecord(
        {"name": "jobs", "levelname": "INFO", "msg": "swept %s", "args": ("工单",), "claimed": 3}
    )
    line = written(record)
    assert line["message"] == "swept 工单"
    assert (line["logger"], line["level"], line["claimed"]) == ("jobs", "INFO", 3)


def dial() -> None:
    try:
        int("电话13800001234")
    except ValueError as reason:
        raise RuntimeError("赵先生\n的电话") from reason


def test_a_traceback_stays_on_the_line_and_quotes_nobody():
    with pytest.raises(RuntimeError) as caught:
        dial()
    fault = caught.value
    record = logging.makeLogRecord(
        {"msg": "failed", "exc_info": (type(fault), fault, fault.__traceback__)}
    )
    told = written(record)["traceback"].splitlines()
    assert [line for line in told if not line.startswith(" ")] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert told[-1].endswith(" dial")
    line = JsonLines().format(record)
    assert "13800001234" not in line
    assert "赵先生" not in line


@pytest.fixture
def loggers() -> Iterator[None]:
    """Puts the process's log back as it was."""
    root = logging.getLogger()
    kept = {name: logging.getLogger(name).level for name in (None, *LIBRARIES)}
    handlers = root.handlers[:]
    yield
    root.handlers[:] = handlers
    for name, level in kept.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING"])
def test_libraries_that_write_whole_addresses_stay_silent(loggers, level):
    configure(level)
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.WARNING)
    for library in ("requests", "wechatpy.client.base", "sqlalchemy.engine", "apscheduler"):
        assert not logging.getLogger(library).isEnabledFor(logging.INFO)
        assert logging.getLogger(library).isEnabledFor(logging.WARNING)


def test_an_installation_may_ask_for_less(loggers):
    configure("CRITICAL")
    assert not logging.getLogger("urllib3").isEnabledFor(logging.ERROR)
    assert not logging.getLogger("wechatpy").isEnabledFor(logging.ERROR)
