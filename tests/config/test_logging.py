"""The log: one line of JSON a record."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

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


def test_fields_may_come_together_and_stand_in_their_order():
    fields = {"second": 2, "first": 1}
    line = written(logging.makeLogRecord({"msg": "done", "fields": fields}))
    assert [*line][-2:] == ["second", "first"]
    assert "fields" not in line


@dataclass(frozen=True)
class Guest:
    name: str = field(repr=False)
    number: int


def test_an_object_is_told_in_its_own_words():
    record = logging.makeLogRecord({"msg": "came", "guest": Guest("赵先生", 7)})
    assert written(record)["guest"] == "Guest(number=7)"


@pytest.mark.parametrize("odd", ["half of \ud83d", 2**70, {1: "one"}])
def test_whatever_comes_makes_a_line(odd):
    assert written(logging.makeLogRecord({"msg": "odd", "odd": odd}))["odd"]


THREADS, LINES = 8, 40


def test_lines_of_many_threads_do_not_mix(loggers, capfd):
    configure("INFO")

    def speak(number: int) -> None:
        for _ in range(LINES):
            logging.getLogger("crowd").info("x" * 5_000, extra={"number": number})

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(speak, range(THREADS)))
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert Counter(line["number"] for line in lines) == dict.fromkeys(range(THREADS), LINES)


def test_a_line_that_cannot_be_made_breaks_nothing(loggers, capfd):
    configure("INFO")
    logging.getLogger("crowd").info("%d", "no number")  # on purpose
    logging.getLogger("crowd").info("after it")
    assert json.loads(capfd.readouterr().err.splitlines()[-1])["message"] == "after it"
