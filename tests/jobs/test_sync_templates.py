"""The templates are there soon after the first start, and asked for as seldom as possible."""

import logging
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.phone_forms import Template
from app.models.operation import JobRun
from app.models.subscription import WechatTemplate
from jobs.runner import run
from jobs.schedule import SCHEDULE
from jobs.sync_templates import sync_templates
from services.notifications.templates import FRESH_FOR
from tests.domain.calendars import local
from tests.threads import PATIENCE, beside
from tests.wechat import TEMPLATES

pytestmark = pytest.mark.usefixtures("database", "wechat")

NOW = local("2026-06-10 10:00")
MINUTE = timedelta(minutes=1)
[JOB] = [job for job in SCHEDULE if job.name == "sync_templates"]


def synced(at=NOW):
    with clock.frozen(at):
        return sync_templates()


def states() -> dict[str, str]:
    rows = db.session.scalars(sa.select(WechatTemplate))
    return {row.template: row.state for row in rows}


def asked(wechat) -> int:
    return len(wechat.calls("gettemplate"))


def test_the_templates_that_are_shipped_are_those_that_we_fill(wechat):
    outcome = synced()
    assert (outcome.failures, outcome.notes) == (0, [])
    assert outcome.items == len(Template)
    assert states() == dict.fromkeys(Template, "usable")
    rows = db.session.scalars(sa.select(WechatTemplate))
    assert {row.template: row.template_id for row in rows} == TEMPLATES


def test_the_platform_is_asked_once_an_hour(wechat):
    for minutes in range(0, 70, 5):
        synced(NOW + minutes * MINUTE)
    assert asked(wechat) == 2
    assert synced(NOW + 65 * MINUTE).items == 0


def test_a_template_that_does_not_match_is_an_error_for_people(wechat, caplog):
    rows = [row for row in wechat.get("templates")["templates"] if row["title"] != "办理反馈"]
    wechat.put("templates", templates=rows)
    with caplog.at_level(logging.ERROR, "jobs.sync_templates"):
        outcome = synced()
    assert states()["办理反馈"] == "missing"
    assert outcome.failures == 1
    assert outcome.notes == [record.getMessage() for record in caplog.records]
    assert "办理反馈" in outcome.notes[0]


def test_a_failed_look_is_repeated_at_the_next_slot(app, wechat):
    wechat.fault("http", match={"path": "gettemplate"}, status=500, times=1)
    runs = []
    for at in (NOW, NOW + JOB.every):
        with clock.frozen(at):
            runs.append(run(app, JOB))
    assert [outcome.failures for outcome in runs] == [1, 0]
    assert set(states().values()) == {"usable"}
    kept = db.session.scalars(sa.select(JobRun.state).order_by(JobRun.slot))
    assert list(kept) == ["failed", "done"]


def test_it_is_looked_at_more_often_than_it_is_due():
    assert timedelta(0) < JOB.every < FRESH_FOR


def test_without_a_mini_program_there_is_nothing_to_do(app, wechat, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT", None)
    assert synced().items == 0
    assert states() == {}
    assert asked(wechat) == 0


def test_no_transaction_is_open_while_the_platform_is_asked(committed_app, wechat):
    fault = wechat.fault("latency", ms=60_000, match={"path": "gettemplate"})
    with beside(committed_app, sync_templates, at=NOW) as asking:
        wait_for_the_fault(wechat, fault)
        with committed_app.app_context():
            open_ones = db.session.scalar(sa.text(OPEN_TRANSACTIONS))
        wechat.ask("DELETE", "delays")
        assert asking.result().items == len(Template)
    assert open_ones == 0


OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


def wait_for_the_fault(wechat, fault: str) -> None:
    until = time.monotonic() + PATIENCE
    while not any(rule["struck"] for rule in wechat.get("faults")["faults"] if rule["id"] == fault):
        assert time.monotonic() < until, "the platform was not asked"
