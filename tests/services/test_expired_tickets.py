"""A ticket past its term goes whole: rows, files, messages, figures; a hold keeps all of it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.db import Model, db, transaction
from app.domain.facts.intake import Submission
from app.domain.phone_forms import Template
from app.domain.vocabulary import Status
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from app.models.closure_figures import ClosureFigures, CountedTicket
from app.models.delivery import Delivery
from app.models.disclosure import Disclosure
from app.models.legal_hold import LegalHold
from app.models.notification import Notification
from app.models.ticket import Ticket
from jobs.audit_figures import audit_figures
from jobs.sweep_expired import retire_records
from services import expired_tickets, legal_holds
from services.attachments import Upload, store
from services.expired_tickets import delete_next_tickets, hanging_tables
from services.gateways.file_store import FileStore
from services.reports import refresh
from services.tickets.history import Verdict, verify_histories
from tests.factories import Case, make_account, make_binding, make_cast, make_ticket
from tests.files import png
from tests.services.reports.counting_house import count, drift
from tests.threads import beside, wait_for_a_blocked_connection

TEN_YEARS, SECOND, DAY = timedelta(days=3650), timedelta(seconds=1), timedelta(days=1)
ENDED = [Status.ARCHIVED, Status.REFUSED, Status.WITHDRAWN]


@pytest.fixture
def files(app) -> FileStore:
    return FileStore(app.config["SETTINGS"].file_store)


def retire(at: datetime) -> int:
    """How many tickets go at `at`."""
    before = len(numbers())
    with clock.frozen(at):
        outcome = retire_records()
    assert outcome.failures == 0, outcome.notes
    db.session.expire_all()
    return before - len(numbers())


def numbers() -> set[str]:
    return set(db.session.scalars(sa.select(Ticket.number)))


def rows_left() -> dict[str, int]:
    tables = [table for table, _ in hanging_tables()]
    tables += [Model.metadata.tables[name] for name in ("tickets", "deliveries")]
    counts = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in tables
    }
    return {name: rows for name, rows in counts.items() if rows}


def with_all_that_hangs_on_it(files: FileStore) -> tuple[Case, Path]:
    """An archived ticket with a file, messages, a delivery and a look at whom to call."""
    cast = make_cast()
    kept = store(cast.applicant.actor, Upload("现场.png", png()), files, at=clock.real())
    submission = Submission("门口积水", "雨后积水不退。", attachment_ids=(kept["id"],))
    case = make_ticket(Status.ARCHIVED, cast, submit=submission)
    message = db.session.scalars(sa.select(Notification).limit(1)).one()
    binding = make_binding(make_account("enterprise_admin"))
    sent = {"state": "failed", "reason": "expired", "rank": 1, "template": Template.TODO}
    times = {"send_at": case.at, "expires_at": case.at, "created_at": case.at + TEN_YEARS}
    db.session.add(Delivery(notification_id=message.id, binding_id=binding.id, **sent, **times))
    look = {"role": "operator", "fields": ["contact_phone"], "reason": "联系"}
    seen = {"enterprise_id": case.ticket.enterprise_id, "ticket_id": case.ticket.id}
    looked_at = case.at + TEN_YEARS
    db.session.add(Disclosure(account_id=cast.operator.account.id, at=looked_at, **look, **seen))
    db.session.flush()
    key = db.session.scalars(sa.select(Attachment.storage_key)).one() or ""
    with files.open(key) as file:
        return case, Path(file.name)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("status", ENDED)
def test_a_ticket_is_kept_for_its_term_from_its_end(status):
    case = make_ticket(status)
    assert retire(case.at + TEN_YEARS) == 0
    assert retire(case.at + TEN_YEARS + SECOND) == 1
    assert rows_left() == {}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.HANDLING, Status.EVALUATING])
def test_an_open_ticket_is_never_too_old(status):
    case = make_ticket(status)
    assert retire(case.at + 2 * TEN_YEARS) == 0


@pytest.mark.usefixtures("database")
def test_it_goes_whole_and_leaves_one_entry(files):
    case, path = with_all_that_hangs_on_it(files)
    assert {"attachments", "deliveries", "assignments", "evaluations", "replies"} < set(rows_left())
    ticket = case.ticket
    told = ticket.changed_at, ticket.event_seq, ticket.event_head.hex()
    retire(case.at + TEN_YEARS + SECOND)
    assert rows_left() == {}
    assert not path.exists()
    entry = sa.select(AuditEntry).where(AuditEntry.subject == f"ticket:{case.number}")
    facts = db.session.scalars(entry.where(AuditEntry.action == "delete_ticket")).one().facts
    changed_at = datetime.fromisoformat(facts["changed_at"])
    assert (changed_at, facts["events"], facts["last_hash"]) == told
    assert facts["files"] == 1
    assert db.session.scalars(sa.select(Disclosure.ticket_id)).all() == [None]


@pytest.mark.usefixtures("database")
def test_its_neighbours_stay_with_sound_histories(files):
    cast = make_cast()
    case = make_ticket(Status.ARCHIVED, cast)
    young = make_ticket(Status.ARCHIVED, cast, at=case.at + DAY)
    assert retire(case.at + TEN_YEARS + SECOND) == 1
    assert numbers() == {young.number}
    assert list(verify_histories()) == [Verdict(young.number)]


def hold(kind: str, subject_id: int | None) -> LegalHold:
    account = make_account("sec_admin").account.id
    placed = {"reason": "取证", "placed_by": account, "placed_at": clock.real()}
    made = LegalHold(subject_kind=kind, subject_id=subject_id, subject="", **placed)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("ticket", lambda case: case.ticket.id),
        ("enterprise", lambda case: case.ticket.enterprise_id),
        ("account", lambda case: case.cast.applicant.account.id),
        ("account", lambda case: case.cast.handler.account.id),
        ("everything", lambda _: None),
    ],
    ids=["the ticket", "its enterprise", "who submitted it", "who worked on it", "everything"],
)
def test_a_hold_keeps_it_until_lifted(kind, subject):
    case, other = make_ticket(Status.ARCHIVED), make_ticket(Status.ARCHIVED)
    standing = hold(kind, subject(case))
    retire(other.at + TEN_YEARS + DAY)
    assert numbers() == ({case.number} if kind != "everything" else {case.number, other.number})
    standing.lifted_by, standing.lifted_at = standing.placed_by, clock.real()
    db.session.flush()
    retire(other.at + TEN_YEARS + DAY)
    assert numbers() == set()


@pytest.mark.usefixtures("database")
def test_many_go_in_batches_and_what_is_held_stops_nobody(monkeypatch):
    monkeypatch.setattr(expired_tickets, "BATCH", 1)
    held, *others = [make_ticket(Status.WITHDRAWN) for _ in range(3)]
    hold("ticket", held.ticket.id)
    assert retire(others[-1].at + TEN_YEARS + DAY) == 2
    assert numbers() == {held.number}


@pytest.fixture
def at_work(committed_app, monkeypatch):
    monkeypatch.setattr(refresh, "MARGIN_SECONDS", 0)
    with committed_app.app_context():
        yield committed_app


def test_the_figures_lose_it_with_the_next_count_and_agree_with_the_rows(at_work):
    """What is told is what is kept: a day without tickets has no figures, nothing drifts."""
    with transaction():
        old = make_ticket(Status.ARCHIVED)
        young = make_ticket(Status.ARCHIVED, at=old.at + 40 * DAY)
    at = old.at + TEN_YEARS + DAY
    count(at)
    before = figures()
    assert drift(at) == 0
    assert retire(at) == 1
    assert gone() == 1
    assert count(at) > 0
    assert gone() == 0
    assert drift(at) == 0
    first = f"{young.at:%Y-%m}"
    assert min(before) < first <= min(figures())
    assert audit_of_figures(at) == 0


def test_the_figures_are_what_they_would_be_without_it(at_work):
    with transaction():
        cast = make_cast()
        make_ticket(Status.HANDLING, cast)
        make_ticket(Status.ARCHIVED, cast)
        case = make_ticket(Status.WITHDRAWN, cast)
    at = case.at + TEN_YEARS + DAY
    count(at)
    assert retire(at) == 2
    count(at)
    assert submitted() == 1
    assert drift(at) == 0


def audit_of_figures(at: datetime) -> int:
    with clock.frozen(at):
        return audit_figures().failures


def figures() -> set[str]:
    with transaction():
        return set(db.session.scalars(sa.select(ClosureFigures.span).distinct()))


def submitted() -> int:
    whole = ClosureFigures.scope == "", ClosureFigures.grouping == "area"
    months = sa.func.length(ClosureFigures.span) == len("2026-06")
    with transaction():
        total = sa.select(sa.func.sum(ClosureFigures.submitted)).where(*whole, months)
        return db.session.scalar(total) or 0


def gone() -> int:
    with transaction():
        query = sa.select(sa.func.count()).select_from(CountedTicket).where(CountedTicket.is_gone)
        return db.session.scalar(query) or 0


def test_who_places_a_hold_meanwhile_is_waited_for(at_work, files):
    """The look at holds and the deed are one: a hold placed before the deed keeps the ticket."""
    with transaction():
        case = make_ticket(Status.ARCHIVED)
        guard = make_account("sec_admin").actor
    terms, at = at_work.config["RETENTION"], case.at + TEN_YEARS + DAY

    def delete() -> int:
        with transaction():
            return delete_next_tickets(terms, files, at=at)

    with transaction():
        legal_holds.place(guard, "ticket", case.number, "法院取证", at=clock.real())
        with beside(at_work, delete, at=at) as deleting:
            wait_for_a_blocked_connection(at_work)
            db.session.commit()
            assert deleting.result(timeout=30) == 0
    with transaction():
        assert numbers() == {case.number}
