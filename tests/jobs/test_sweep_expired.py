"""Each thing is kept as long as the table says, and not a moment less."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.attachment import Attachment
from app.models.login_session import LoginSession
from app.models.operation import IdempotencyKey, JobRun, RateCounter, Worker
from app.models.ticket import Ticket
from app.models.wechat import WechatVisitor
from jobs.sweep_expired import sweep_expired
from services.attachments import Upload, store
from services.gateways.file_store import FileStore
from services.job_runs import close_run, open_run
from services.workers import beat
from tests.domain.calendars import local
from tests.factories import APPID, make_account, make_ticket
from tests.files import png

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-10 10:00")
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def swept() -> int:
    with clock.frozen(NOW):
        outcome = sweep_expired()
    assert outcome.failures == 0
    db.session.expire_all()
    return outcome.items


def left(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def add_key(age: timedelta) -> None:
    account = make_account("operator").account.id
    place = {"account_id": account, "method": "POST", "path": "/", "key": "k"}
    answer = {"request_hash": b"", "status": 201, "headers": {}, "body": b""}
    db.session.add(IdempotencyKey(**place, **answer, created_at=NOW - age))


def add_counter(age: timedelta) -> None:
    db.session.add(RateCounter(key="login:1", window_start=NOW - age, count=3))


def add_run(age: timedelta, items: int = 1, state: str = "done") -> None:
    run_id = open_run("watch", NOW - age, "here", at=NOW - age)
    assert run_id is not None
    if state != "running":
        close_run(run_id, state, (items, 0), None, at=NOW - age)


def add_idle_run(age: timedelta) -> None:
    add_run(age, items=0)


def add_session(age: timedelta) -> None:
    begun: datetime = NOW - age - HOUR
    db.session.add(
        LoginSession(
            account_id=make_account("operator").account.id,
            kind="staff",
            token_hash=b"t",
            refresh_hash=b"r",
            created_at=begun,
            last_seen_at=begun,
            token_expires_at=begun,
            expires_at=NOW - age,
        )
    )


def add_worker(age: timedelta) -> None:
    beat("host:1", "scheduler", at=NOW - 2 * age)
    beat("host:1", "scheduler", at=NOW - age)


def add_visitor(age: timedelta) -> None:
    db.session.add(
        WechatVisitor(
            token_hash=b"t",
            appid=APPID,
            openid=b"o",
            openid_hash=b"o",
            created_at=NOW - age - HOUR,
            expires_at=NOW - age,
        )
    )


@pytest.mark.parametrize(
    ("add", "model", "term"),
    [
        (add_key, IdempotencyKey, DAY),
        (add_counter, RateCounter, DAY),
        (add_run, JobRun, 7 * DAY),
        (add_idle_run, JobRun, HOUR),
        (add_session, LoginSession, 30 * DAY),
        (add_visitor, WechatVisitor, 0 * DAY),
        (add_worker, Worker, DAY),
    ],
)
def test_it_is_kept_for_its_term(add, model, term):
    add(term)
    db.session.flush()
    assert (swept(), left(model)) == (0, 1)
    db.session.execute(sa.delete(model))
    add(term + SECOND)
    db.session.flush()
    assert (swept(), left(model)) == (1, 0)


def test_a_session_that_was_closed_counts_from_then():
    add_session(-5 * DAY)
    db.session.flush()
    db.session.execute(sa.update(LoginSession).values(revoked_at=NOW - 31 * DAY))
    assert (swept(), left(LoginSession)) == (1, 0)


@pytest.mark.parametrize("state", ["failed", "running"])
def test_a_run_without_items_that_went_wrong_is_kept_for_a_week(state):
    add_run(2 * HOUR, items=0, state=state)
    assert (swept(), left(JobRun)) == (0, 1)


@pytest.fixture
def files(app) -> FileStore:
    return FileStore(app.config["SETTINGS"].file_store)


def uploaded(files: FileStore, at: datetime) -> Attachment:
    actor = make_account("operator").actor
    shown = store(actor, Upload("现场.png", png()), files, at=at)
    return db.session.get_one(Attachment, shown["id"])


def path_of(files: FileStore, key: str) -> Path:
    with files.open(key) as file:
        return Path(file.name)


def test_a_file_that_no_action_took_up_goes_after_a_day(files):
    old, young = uploaded(files, NOW - DAY - SECOND), uploaded(files, NOW - DAY)
    paths = [path_of(files, each.storage_key) for each in (old, young)]
    assert swept() == 1
    assert [path.exists() for path in paths] == [False, True]
    assert db.session.scalars(sa.select(Attachment.id)).all() == [young.id]


def test_a_file_of_a_ticket_stays(files):
    attachment = uploaded(files, NOW - 30 * DAY)
    path = path_of(files, attachment.storage_key)
    number = make_ticket().number
    ticket = sa.select(Ticket.id).where(Ticket.number == number).scalar_subquery()
    db.session.execute(sa.update(Attachment).values(ticket_id=ticket, event_seq=1))
    assert swept() == 0
    assert path.exists()
