"""The probes: is the process alive, and can it do its work."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from app import clock
from app.db import db
from app.domain.phone_forms import Template
from app.models.delivery import WechatCircuit
from app.models.operation import JobRun
from app.models.sla import SlaClock
from services import business_clock, workers
from services.health import HEARD_WITHIN
from services.tickets.due import due_warnings
from tests.applications import application
from tests.factories import MONDAY, make_template, make_ticket
from tests.phoned import make_delivery
from tests.problems import refused
from tests.servers import EMPTY
from tests.wechat import APPID

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def cut_off(tmp_path):
    """A client of an application whose database does not answer."""
    with application(NOWHERE, tmp_path) as app:
        yield app.test_client()


def add_run(ago: timedelta) -> None:
    began = MONDAY - ago
    db.session.add(JobRun(job="watch_deadlines", slot=began, host="here", started_at=began))
    db.session.flush()


@pytest.mark.parametrize(
    ("ago", "is_scheduled"),
    [(None, False), (timedelta(minutes=1), True), (timedelta(hours=1), False)],
)
def test_ready_means_database_and_migrations_and_tells_of_the_scheduler(
    client, database, ago, is_scheduled
):
    if ago is not None:
        add_run(ago)
    with clock.frozen(MONDAY):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "database": True,
        "migrations": True,
        "scheduler": is_scheduled,
        "workers": 0,
        "heartbeats": [],
        "paused_jobs": [],
        "oldest_due_seconds": 0,
        "oldest_warning_seconds": 0,
        "wechat": "ok",
        "wecom": "ok",
    }


def ready(client, at=MONDAY):
    with clock.frozen(at):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    return answer.json


@pytest.mark.parametrize(
    ("due_in", "waited"), [(-90 * SECOND, 90), (timedelta(0), 0), (HOUR, 0), (-HOUR, 3600)]
)
def test_it_tells_how_long_the_oldest_message_has_waited(client, database, due_in, waited):
    make_template(Template.ACCEPTED)
    make_delivery(send_at=MONDAY + due_in)
    make_delivery(send_at=MONDAY - 9 * HOUR, state="sent")
    make_delivery(send_at=MONDAY + 2 * HOUR)
    assert ready(client)["oldest_due_seconds"] == waited


@pytest.mark.parametrize("state", [None, "stopped", "missing", "mismatched"])
def test_what_waits_for_its_template_is_not_overdue(client, database, state):
    make_delivery(send_at=MONDAY - HOUR)
    if state:
        make_template(Template.ACCEPTED).state = state
        db.session.flush()
    assert ready(client)["oldest_due_seconds"] == 0


def test_messages_wait_in_business_time_where_it_may_move(app, client, monkeypatch):
    make_template(Template.ACCEPTED)
    make_delivery(send_at=MONDAY + HOUR)
    business_clock.advance(2 * 3600)
    assert ready(client)["oldest_due_seconds"] == 3600
    monkeypatch.setitem(app.config, "BUSINESS_CLOCK_MOVES", False)
    assert ready(client)["oldest_due_seconds"] == 0


def test_it_counts_the_workers_heard_of_within_a_minute(client, database):
    workers.beat("here:1", "scheduler", at=MONDAY - HEARD_WITHIN)
    workers.beat("here:2", "scheduler", at=MONDAY - HEARD_WITHIN - SECOND)
    assert ready(client)["workers"] == 1


def test_it_tells_when_each_worker_was_heard_of(client, database):
    for name, ago in (("here:1", 5), ("here:2", 300)):
        workers.beat(name, "scheduler", at=MONDAY - ago * SECOND)
    assert ready(client)["heartbeats"] == [300, 5]


def end_of_first_contact() -> datetime:
    query = sa.select(SlaClock.due_at).where(SlaClock.kind == "first_contact")
    due = db.session.scalars(query).one()
    assert due
    return due


def test_it_tells_how_long_the_oldest_warning_has_waited(client, database):
    """Of each rung that a clock comes to, as long as the sweep would find something to give."""
    make_ticket()
    first = end_of_first_contact()
    assert (due_warnings(at=first), ready(client, first)["oldest_warning_seconds"]) == ([], 0)
    for hours in range(1, 12 * 24, 5):
        at = MONDAY + hours * HOUR + SECOND
        is_due = bool(due_warnings(at=at))
        assert bool(ready(client, at)["oldest_warning_seconds"]) is is_due, at
    assert ready(client, first + 90 * SECOND)["oldest_warning_seconds"] == 90
    with clock.frozen(first + 90 * SECOND):
        text = client.get("/metrics").text
    assert "guanjia_warnings_oldest_due_seconds 90.0" in text


def test_warnings_wait_in_business_time_where_it_may_move(app, client, monkeypatch):
    make_ticket()
    business_clock.advance(int((end_of_first_contact() - MONDAY).total_seconds()) + 60)
    assert ready(client)["oldest_warning_seconds"] == 60
    monkeypatch.setitem(app.config, "BUSINESS_CLOCK_MOVES", False)
    assert ready(client)["oldest_warning_seconds"] == 0


@pytest.mark.parametrize(("open_for", "told"), [(SECOND, "unavailable"), (timedelta(0), "ok")])
def test_it_tells_when_a_call_of_wechat_is_left_alone(client, database, open_for, told):
    place = {"appid": APPID, "name": "token", "reason": "misconfigured", "opened_at": MONDAY}
    db.session.add(WechatCircuit(**place, open_until=MONDAY + open_for))
    db.session.flush()
    assert ready(client)["wechat"] == told


def test_without_a_mini_program_wechat_is_off(server, tmp_path):
    with server.clone() as url, application(url, tmp_path) as app:
        assert ready(app.test_client())["wechat"] == "off"


@pytest.mark.parametrize("revision", [None, "0001", "0003"])
def test_without_its_tables_the_database_is_not_ready_and_that_is_said(server, tmp_path, revision):
    with server.clone(EMPTY) as url, application(url, tmp_path) as app:
        if revision:
            with app.app_context():
                upgrade(revision=revision)
        for _ in range(2):
            answer = app.test_client().get("/readyz")
            assert answer.status_code == 503
            told = {name: answer.json[name] for name in ("status", "database", "migrations")}
            assert told == {"status": "unavailable", "database": True, "migrations": False}
        if revision != "0003":
            refused(app.test_client().get("/metrics"), 503, "unprepared")


def test_without_a_database_the_process_lives_but_is_not_ready(cut_off):
    alive, ready = cut_off.get("/healthz"), cut_off.get("/readyz")
    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert ready.status_code == 503
    assert (ready.json["status"], ready.json["database"]) == ("unavailable", False)


def test_without_a_database_every_other_route_says_so(cut_off):
    body = {"login": "a", "password": "b"}
    answer = cut_off.post("/api/v1/auth/password", json=body)
    refused(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    headers = {"Authorization": "Bearer abc"}
    refused(cut_off.get("/api/v1/tickets", headers=headers), 503, "unavailable")
