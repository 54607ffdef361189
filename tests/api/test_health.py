"""The probes: is the process alive, and can it do its work."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.models.operation import JobRun
from tests.applications import application
from tests.factories import MONDAY
from tests.problems import refused

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
    }


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
