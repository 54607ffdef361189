"""Each thing is kept as long as the table says, and not a moment less."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from app.models.import_batch import ImportBatch, ImportRow
from app.models.legal_hold import LegalHold
from app.models.log_in import LoginChallenge, LoginFailure
from app.models.login_session import LoginSession
from app.models.operation import IdempotencyKey, JobRun, RateCounter, Worker
from app.models.ticket import Ticket
from app.models.wechat import WechatVisitor
from jobs.sweep_expired import retire_records, sweep_expired
from services.attachments import Upload, discard, store
from services.expiry import kept
from services.gateways.file_store import FileStore
from services.job_runs import End, close_run, open_run
from services.workers import beat
from tests.domain.calendars import local
from tests.factories import APPID, make_account, make_ticket
from tests.files import png

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-10 10:00")
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def swept() -> int:
    with clock.frozen(NOW):
        outcomes = sweep_expired(), retire_records()
    assert [outcome.failures for outcome in outcomes] == [0, 0]
    db.session.expire_all()
    return sum(outcome.items for outcome in outcomes)


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
        close_run(run_id, "here", End(state, items), at=NOW - age)


def add_session(age: timedelta) -> None:
    begun: datetime = NOW - age - HOUR
    account = make_account("operator").account.id
    db.session.add(
        LoginSession(
            account_id=account,
            kind="staff",
            token_hash=b"t%d" % account,
            refresh_hash=b"r%d" % account,
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


def add_failure(age: timedelta) -> None:
    db.session.add(LoginFailure(key="login:1", failures=5, failed_at=NOW - age))


def add_challenge(age: timedelta) -> None:
    account = make_account("operator").account.id
    db.session.add(LoginChallenge(token_hash=b"t", account_id=account, expires_at=NOW - age))


def add_import_row(age: timedelta) -> None:
    batch = ImportBatch(
        kind="enterprises",
        filename="登记.xlsx",
        digest="0" * 64,
        is_dry_run=True,
        state="done",
        account_id=make_account("register_officer").account.id,
        finished_at=NOW - age,
    )
    db.session.add(batch)
    db.session.flush()
    db.session.add(ImportRow(batch_id=batch.id, row=2, verdict="ok"))


TERMS = [
    (add_key, IdempotencyKey, DAY),
    (add_counter, RateCounter, DAY),
    (add_run, JobRun, 7 * DAY),
    (add_session, LoginSession, 30 * DAY),
    (add_visitor, WechatVisitor, 0 * DAY),
    (add_failure, LoginFailure, DAY),
    (add_challenge, LoginChallenge, 0 * DAY),
    (add_worker, Worker, DAY),
    (add_import_row, ImportRow, 30 * DAY),
]


@pytest.mark.parametrize(("add", "model", "term"), TERMS)
def test_it_is_kept_for_its_term(add, model, term):
    add(term)
    db.session.flush()
    assert (swept(), left(model)) == (0, 1)
    db.session.execute(sa.delete(model))
    add(term + SECOND)
    db.session.flush()
    assert swept() > 0
    assert left(model) == 0


def hold(kind: str, subject_id: int | None = None) -> LegalHold:
    account = make_account("sec_admin").account.id
    placed = {"reason": "取证", "placed_by": account, "placed_at": NOW}
    made = LegalHold(subject_kind=kind, subject_id=subject_id, subject="", **placed)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.parametrize(("add", "model", "term"), TERMS)
def test_a_hold_on_everything_keeps_it_until_lifted(add, model, term):
    standing = hold("everything")
    add(term + SECOND)
    db.session.flush()
    assert (swept(), left(model)) == (0, 1)
    standing.lifted_by, standing.lifted_at = standing.placed_by, NOW
    db.session.flush()
    assert swept() > 0
    assert left(model) == 0


@pytest.mark.parametrize(
    ("add", "model"),
    [(add_key, IdempotencyKey), (add_session, LoginSession), (add_import_row, ImportRow)],
)
def test_a_hold_on_an_account_keeps_what_is_its_own(add, model):
    for _ in range(2):
        add(60 * DAY)
        db.session.flush()
    owner = (ImportBatch if model is ImportRow else model).account_id
    hold("account", db.session.scalar(sa.select(sa.func.max(owner))))
    assert swept() > 0
    assert left(model) == 1


def test_what_tells_of_people_is_deleted_on_the_record():
    add_session(31 * DAY)
    add_counter(2 * DAY)
    db.session.flush()
    assert swept() == 2
    [entry] = db.session.scalars(sa.select(AuditEntry))
    assert (entry.action, entry.subject) == ("delete_expired", "table:login_sessions")
    assert entry.facts["rows"] == 1
    since = datetime.fromisoformat(entry.facts["oldest"])
    assert since == datetime.fromisoformat(entry.facts["newest"]) == NOW - 31 * DAY


def test_nothing_deleted_leaves_no_word():
    assert swept() == 0
    assert left(AuditEntry) == 0


def test_much_goes_in_batches(monkeypatch):
    monkeypatch.setattr(kept, "BATCH", 2)
    for age in range(5):
        db.session.add(RateCounter(key="k", window_start=NOW - (2 + age) * DAY, count=1))
    db.session.flush()
    assert (swept(), left(RateCounter)) == (5, 0)


def test_a_session_that_was_closed_counts_from_then():
    add_session(-5 * DAY)
    db.session.flush()
    db.session.execute(sa.update(LoginSession).values(revoked_at=NOW - 31 * DAY))
    assert (swept(), left(LoginSession)) == (1, 0)


def test_a_run_without_items_goes_after_an_hour():
    for age in (HOUR + SECOND, HOUR, 0 * DAY):
        add_run(age, items=0)
    assert (swept(), left(JobRun)) == (1, 2)


def test_the_last_success_stays_however_little_it_tells():
    """A daily run would be made again in its slot, and nobody would know when all was well."""
    add_run(3 * HOUR, items=0)
    add_run(2 * HOUR, items=0)
    add_run(HOUR, state="failed")
    assert swept() == 1
    left_over = db.session.scalars(sa.select(JobRun.slot).order_by(JobRun.slot)).all()
    assert left_over == [NOW - 2 * HOUR, NOW - HOUR]


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


def path_of(files: FileStore, key: str | None) -> Path:
    assert key
    with files.open(key) as file:
        return Path(file.name)


def test_a_file_that_no_action_took_up_goes_after_a_day(files):
    old, young = uploaded(files, NOW - DAY - SECOND), uploaded(files, NOW - DAY)
    paths = [path_of(files, each.storage_key) for each in (old, young)]
    assert swept() == 1
    assert [path.exists() for path in paths] == [False, True]
    assert db.session.scalars(sa.select(Attachment.id)).all() == [young.id]


def test_a_held_file_stays_until_lifted_and_its_end_is_on_record(files):
    attachment = uploaded(files, NOW - 2 * DAY)
    standing = hold("account", attachment.account_id)
    assert swept() == 0
    attachment_id = db.session.scalars(sa.select(Attachment.id)).one()
    assert not discard(attachment_id, files)
    standing.lifted_by, standing.lifted_at = standing.placed_by, NOW
    db.session.flush()
    assert swept() == 1
    [entry] = db.session.scalars(sa.select(AuditEntry))
    assert (entry.action, entry.subject) == ("delete_expired", f"attachment:{attachment_id}")


def test_a_file_of_a_ticket_stays(files):
    attachment = uploaded(files, NOW - 30 * DAY)
    path = path_of(files, attachment.storage_key)
    number = make_ticket().number
    ticket = sa.select(Ticket.id).where(Ticket.number == number).scalar_subquery()
    db.session.execute(sa.update(Attachment).values(ticket_id=ticket, event_seq=1))
    assert swept() == 0
    assert path.exists()
