"""The log: one line of JSON a record."""

import json
import logging

import pytest

from config.logging import JsonLines


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


def test_a_traceback_stays_on_the_line():
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("broken\npipe")
    fault = caught.value
    record = logging.makeLogRecord(
        {"msg": "failed", "exc_info": (type(fault), fault, fault.__traceback__)}
    )
    assert "RuntimeError" in written(record)["traceback"]
