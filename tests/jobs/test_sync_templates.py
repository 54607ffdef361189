"""The templates are there soon after the first start, and asked for as seldom as possible."""

import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.phone_forms import Template
from app.models.notification import Notification
from app.models.operation import JobRun
from app.models.subscription import WechatTemplate
from jobs.runner import run
from jobs.schedule import SCHEDULE
from jobs.sync_templates import sync_templates
from services.gateways.wechat import WeChat
from services.gateways.wechat_programs import Programs
from services.health import report
from services.notifications.circuits import close_all, none_open
from services.notifications.templates import FRESH_FOR
from services.wechat_credentials import StoredCredentials
from tests.domain.calendars import local
from tests.factories import Person, make_account
from tests.threads import PATIENCE, beside
from tests.wechat import APPID, TEMPLATES

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


def test_administrators_are_told_once_a_day_while_a_template_does_not_match(wechat):
    person = make_account(Role.SYS_ADMIN)
    synced()
    assert told(person) == []
    rows = [row for row in wechat.get("templates")["templates"] if row["title"] != "办理反馈"]
    wechat.put("templates", templates=rows)
    for hours in (2, 4, 26):
        synced(NOW + timedelta(hours=hours))
    assert told(person) == 2 * [f"小程序 {APPID} 有 1 个消息模板不能使用，原因见任务运行记录。"]


def told(person: Person) -> list[str]:
    query = sa.select(Notification.body).where(Notification.account_id == person.account.id)
    return list(db.session.scalars(query.order_by(Notification.id)))


def run_at(app, at) -> JobRun:
    with clock.frozen(at):
        run(app, JOB)
    newest = sa.select(JobRun).order_by(JobRun.slot.desc()).limit(1)
    return db.session.scalars(newest, execution_options={"populate_existing": True}).one()


@pytest.mark.parametrize("fault", ["ip_refused", "nowhere"])
def test_what_never_came_to_ask_is_repeated_at_the_next_slot(app, wechat, monkeypatch, fault):
    with monkeypatch.context() as patch:
        if fault == "nowhere":
            there = replace(app.config["WECHAT"].first._program, api_base="http://127.0.0.1:1/")
            patch.setitem(app.config, "WECHAT", Programs(WeChat(there, StoredCredentials(APPID))))
        else:
            StoredCredentials(APPID).drop(StoredCredentials(APPID).read() or "")
            wechat.fault(fault, times=1)
        assert run_at(app, NOW).state == "failed"
    assert run_at(app, NOW + JOB.plan.every).state == "done"
    assert set(states().values()) == {"usable"}


GETTEMPLATE = {"path": "gettemplate"}


@pytest.mark.parametrize(
    ("fault", "options", "told"),
    [
        ("errcode", {"errcode": 200011}, "Misconfigured 200011"),
        ("errcode", {"errcode": -1}, "Busy -1"),
        ("http", {"status": 500}, "Limited"),
        ("html200", {}, "Limited"),
    ],
)
def test_after_a_refusal_the_platform_is_left_alone_for_an_hour(app, wechat, fault, options, told):
    wechat.fault(fault, match=GETTEMPLATE, **options)
    first = run_at(app, NOW)
    assert (first.state, first.failures, first.detail) == ("done", 1, f"{APPID} {told}")
    for at in (NOW + JOB.plan.every, NOW + FRESH_FOR - JOB.plan.every):
        assert run_at(app, at).failures == 0
    assert asked(wechat) == 1
    wechat.clear_faults()
    assert run_at(app, NOW + FRESH_FOR).items == len(Template)


def test_the_quota_of_the_day_comes_back_at_midnight(app, wechat):
    wechat.fault("errcode", match=GETTEMPLATE, errcode=45009, times=1)
    run_at(app, NOW)
    midnight = NOW.replace(hour=0) + timedelta(days=1)
    run_at(app, midnight - JOB.plan.every)
    assert asked(wechat) == 1
    assert run_at(app, midnight).items == len(Template)


def test_people_are_told_of_a_refusal_and_may_try_at_once(app, wechat, caplog):
    wechat.fault("errcode", match=GETTEMPLATE, errcode=45009, times=1)
    run_at(app, NOW)
    [said] = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert "gettemplate refused (45009)" in said
    close_all(at=NOW + MINUTE)
    assert run_at(app, NOW + JOB.plan.every).items == len(Template)


def test_messages_go_out_though_templates_may_not_be_asked_for(app, wechat):
    wechat.fault("errcode", match=GETTEMPLATE, errcode=45009, times=1)
    run_at(app, NOW)
    assert db.session.scalar(sa.select(none_open(sa.literal(APPID), at=NOW)))
    assert not report(is_clock_movable=False, at=NOW).is_wechat_shut


def test_it_is_looked_at_more_often_than_it_is_due():
    assert timedelta(0) < JOB.plan.every < FRESH_FOR


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
