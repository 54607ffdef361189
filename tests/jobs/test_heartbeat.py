"""Every scheduler process says that it lives, and takes its leave when it ends as it should."""

import base64
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.operation import Worker
from jobs import heartbeat
from jobs.schedule import SCHEDULE
from jobs.scheduler import build
from services import workers
from tests.applications import application
from tests.architecture.tree import ROOT
from tests.domain.calendars import local
from tools.watch import settle, wait_until

NOW = local("2026-06-10 10:00")
TEN_SECONDS = timedelta(seconds=10)
PATIENCE = 90.0
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
KEYS = ("data_key", "lookup_key", "link_key", "case_file_key")


def known() -> list[Worker]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Worker).order_by(Worker.name)))


def test_a_worker_is_known_from_its_first_word_to_its_leave(database):
    for at in (NOW, NOW + TEN_SECONDS):
        workers.beat("here:1", "scheduler", at=at)
    workers.beat("here:2", "scheduler", at=NOW)
    first, second = known()
    assert (first.started_at, first.seen_at) == (NOW, NOW + TEN_SECONDS)
    assert (second.name, second.kind, second.seen_at) == ("here:2", "scheduler", NOW)
    workers.leave("here:1")
    assert [one.name for one in known()] == ["here:2"]


def test_it_speaks_in_its_own_name_every_ten_seconds(app, database):
    scheduler = build(app)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert jobs.keys() == {"heartbeat", *(job.name for job in SCHEDULE)}
    assert jobs["heartbeat"].trigger.get_next_fire_time(NOW, NOW) == NOW + TEN_SECONDS
    with clock.frozen(NOW):
        jobs["heartbeat"].func()
    [here] = known()
    assert (here.name, here.seen_at) == (workers.own_name(), NOW)
    assert here.name.endswith(f":{os.getpid()}")
    heartbeat.leave(app)
    assert known() == []


def test_without_a_database_it_goes_unsaid(tmp_path, caplog):
    with application(NOWHERE, tmp_path) as app, caplog.at_level(logging.WARNING):
        heartbeat.beat(app)
        heartbeat.leave(app)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2


@contextmanager
def running_scheduler(app) -> Iterator[subprocess.Popen]:
    settings = app.config["SETTINGS"]
    environment = {
        **os.environ,
        "APP_ENV": "testing",
        "DATABASE_URL": settings.database_url,
        "GUANJIA_HOME": str(settings.home),
        **{name.upper(): base64.b64encode(getattr(settings, name)).decode() for name in KEYS},
    }
    command = [sys.executable, "-m", "jobs.scheduler"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("told", "is_missed"), [(signal.SIGTERM, False), (signal.SIGKILL, True)])
def test_a_process_that_is_killed_is_missed_and_one_that_ends_is_not(
    committed_app, told, is_missed
):
    def has_spoken() -> bool:
        db.session.rollback()
        return bool(known())

    with committed_app.app_context(), running_scheduler(committed_app) as process:
        assert wait_until(has_spoken, PATIENCE, by=settle), "nobody spoke"
        [worker] = known()
        assert worker.name.endswith(f":{process.pid}")
        db.session.rollback()
        process.send_signal(told)
        process.wait(PATIENCE)
        assert bool(known()) is is_missed
