"""Administrators see what works by itself, ask for a run, hold a job back, let it go on."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.timetable import TIMETABLE
from app.models.audit_entry import AuditEntry
from app.models.job import JobPause, JobRequest
from services.job_runs import End, close_run, next_run, open_run
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import make_account
from tests.problems import places, refused

NOW = local("2026-06-10 10:00")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "今晚迁移文件存储。"


@pytest.fixture
def admin(client, database) -> Caller:
    with clock.frozen(NOW):
        return Caller(client, make_account(Role.SYS_ADMIN, name="周工"))


@pytest.fixture
def at():
    """The moment of the tests, for all that is asked."""
    with clock.frozen(NOW):
        yield NOW


def ran(job: str, begun: datetime, state: str = "done", **end: Any) -> int:
    """A run of a slot that lasted for two seconds; "running" leaves it at work."""
    run_id = open_run(job, begun, "gj-1:7", at=begun)
    assert run_id
    if state != "running":
        close_run(run_id, "gj-1:7", End(state, **end), at=begun + 2 * SECOND)
    return run_id


def shown(admin: Caller, name: str) -> dict:
    listed = admin.get("/jobs").json["items"]
    return next(job for job in listed if job["name"] == name)


def wished(admin: Caller, verb: str, job: str = "supervise", **body: object):
    return admin.post(f"/jobs/{job}/{verb}", {"reason": REASON} | body)


def test_the_list_is_the_timetable(admin, at):
    listed = admin.get("/jobs").json["items"]
    assert [job["name"] for job in listed] == [plan.name for plan in TIMETABLE]
    nightly = shown(admin, "audit_figures")
    assert (nightly["daily_time"], nightly["every_seconds"]) == ("02:30", 60)
    assert (nightly["title"], nightly["pause_at_most_days"]) == ("统计核对", 7)
    assert (nightly["last_run"], nightly["last_success_at"]) == (None, None)
    assert nightly["is_overdue"]


def test_it_tells_of_the_last_run_and_of_the_last_that_went_well(admin, at):
    ran("supervise", NOW - 2 * MINUTE, items=4)
    failed = ran("supervise", NOW - MINUTE, "failed", failures=1, detail="card 7: KeyError")
    told = shown(admin, "supervise")
    assert told["last_run"] == {
        "id": failed,
        "slot": "2026-06-10T09:59:00+08:00",
        "state": "failed",
        "host": "gj-1:7",
        "started_at": "2026-06-10T09:59:00+08:00",
        "finished_at": "2026-06-10T09:59:02+08:00",
        "seconds": 2.0,
        "items": 0,
        "failures": 1,
        "detail": "card 7: KeyError",
        "taken_from": None,
        "asked_by": None,
        "reason": None,
    }
    assert told["last_success_at"] == "2026-06-10T09:58:02+08:00"


@pytest.mark.parametrize(
    ("ago", "state", "is_overdue"),
    [
        (3 * MINUTE, "done", False),
        (4 * MINUTE, "done", True),
        (MINUTE, "failed", True),
        (MINUTE, "lost", True),
        (HOUR, "running", False),
        (HOUR + SECOND, "running", True),
    ],
)
def test_what_nobody_has_done_in_time_is_overdue(admin, at, ago, state, is_overdue):
    """That a failure is one too, the next success tells; what is at work has its lease."""
    ran("supervise", NOW - ago, state)
    assert shown(admin, "supervise")["is_overdue"] is is_overdue


def test_a_run_that_is_wanted_waits_for_the_next_look_with_who_and_why(admin, at):
    answer = wished(admin, "run")
    assert answer.status_code == 202
    wish = {"asked_by": "周工", "asked_at": "2026-06-10T10:00:00+08:00", "reason": REASON}
    assert answer.json["wish"] == shown(admin, "supervise")["wish"] == wish
    refused(wished(admin, "run"), 409, "run-awaited")
    run_id = next_run("supervise", NOW, "gj-2:8", at=NOW)
    told = shown(admin, "supervise")
    assert told["wish"] is None
    assert (told["last_run"]["id"], told["last_run"]["asked_by"]) == (run_id, "周工")
    assert told["last_run"]["reason"] == REASON
    assert wished(admin, "run").status_code == 202


def test_the_same_key_wants_it_once(admin, at):
    headers = admin.headers() | {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = admin.client.post(
            "/api/v1/jobs/supervise/run", json={"reason": REASON}, headers=headers
        )
        assert answer.status_code == 202
    assert db.session.query(JobRequest).count() == 1


def test_a_pause_ends_by_itself_after_a_day_or_when_it_is_said(admin, at):
    paused = wished(admin, "pause").json["pause"]
    assert paused == {
        "paused_by": "周工",
        "paused_at": "2026-06-10T10:00:00+08:00",
        "paused_until": "2026-06-11T10:00:00+08:00",
        "reason": REASON,
    }
    assert not shown(admin, "supervise")["is_overdue"]
    until = "2026-06-10T12:00:00+08:00"
    assert (
        wished(admin, "pause", "match_rosters", until=until).json["pause"]["paused_until"] == until
    )
    with clock.frozen(NOW + 2 * HOUR):
        assert next_run("match_rosters", NOW, "gj-1:7", at=clock.real())
        assert next_run("supervise", NOW, "gj-1:7", at=clock.real()) is None


@pytest.mark.parametrize(
    ("job", "until", "code"),
    [
        ("supervise", NOW + DAY, None),
        ("supervise", NOW + DAY + SECOND, "too-long"),
        ("count_figures", NOW + 7 * DAY, None),
        ("count_figures", NOW + 7 * DAY + SECOND, "too-long"),
        ("supervise", NOW, "past"),
    ],
)
def test_no_pause_is_for_ever(admin, at, job, until, code):
    answer = wished(admin, "pause", job, until=until.isoformat())
    if code:
        assert places(answer) == {"/until": code}
    else:
        assert answer.status_code == 200


def test_what_is_held_back_is_neither_held_back_again_nor_run(admin, at):
    assert wished(admin, "pause").status_code == 200
    refused(wished(admin, "pause"), 409, "job-paused")
    refused(wished(admin, "run"), 409, "job-paused")


def test_it_goes_on_when_it_is_let(admin, at):
    refused(wished(admin, "resume"), 409, "job-not-paused")
    wished(admin, "pause")
    assert wished(admin, "resume").json["pause"] is None
    refused(wished(admin, "resume"), 409, "job-not-paused")
    assert next_run("supervise", NOW, "gj-1:7", at=NOW)
    [pause] = db.session.query(JobPause)
    assert (pause.ended_at, pause.ended_by, pause.end_reason) == (
        NOW,
        admin.person.account.id,
        REASON,
    )


def test_after_a_pause_that_ended_by_itself_there_may_be_another(admin, at):
    wished(admin, "pause", until=(NOW + MINUTE).isoformat())
    with clock.frozen(NOW + MINUTE):
        refused(wished(admin, "resume"), 409, "job-not-paused")
        assert wished(admin, "pause").status_code == 200
    first, _ = db.session.query(JobPause).order_by(JobPause.id)
    assert (first.ended_at, first.ended_by) == (NOW + MINUTE, None)


def test_who_did_what_and_why_is_on_record(admin, at):
    for verb in ("run", "pause", "resume"):
        wished(admin, verb)
    entries = db.session.query(AuditEntry).where(AuditEntry.subject == "job:supervise")
    told = [(entry.action, entry.facts["reason"]) for entry in entries.order_by(AuditEntry.id)]
    assert told == [("run_job", REASON), ("pause_job", REASON), ("resume_job", REASON)]


def test_the_runs_of_a_job_in_pages_the_latest_first(admin, at):
    begun = [ran("supervise", NOW - minutes * MINUTE) for minutes in (3, 2, 1)]
    ran("count_figures", NOW)
    first = admin.get("/jobs/supervise/runs?limit=2").json
    second = admin.get(f"/jobs/supervise/runs?cursor={first['next_cursor']}").json
    found = [run["id"] for run in first["items"] + second["items"]]
    assert (found, second["next_cursor"]) == (begun[::-1], None)


def test_a_job_that_is_none_is_not_found(admin, at):
    refused(admin.get("/jobs/nothing/runs"), 404)
    for verb in ("run", "pause", "resume"):
        refused(wished(admin, verb, "nothing"), 404)


def test_others_are_told_nothing(client, database, at):
    auditor = Caller(client, make_account(Role.AUDITOR))
    refused(auditor.get("/jobs"), 403)
    refused(wished(auditor, "pause"), 403)


def test_a_pause_shows_where_people_look(client, admin, at):
    wished(admin, "pause", until=(NOW + HOUR).isoformat())
    assert client.get("/readyz").json["paused_jobs"] == ["supervise"]
    line = 'guanjia_job_paused_remaining_seconds{job="supervise"} 3600.0'
    assert line in client.get("/metrics").text
    with clock.frozen(NOW + HOUR):
        assert client.get("/readyz").json["paused_jobs"] == []
        assert line.partition("}")[0] not in client.get("/metrics").text


def test_a_pause_is_an_alarm(admin, at, caplog):
    wished(admin, "pause")
    assert "job supervise is held back by people until 2026-06-11T10:00:00+08:00" in caplog.text
    assert db.session.scalar(sa.select(JobPause.job)) == "supervise"
