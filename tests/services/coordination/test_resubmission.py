"""重新提交: what lapsed begins again as it was, once, with files of its own."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, NotFound
from app.domain.facts.intake import Complained, Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.attachment import Attachment
from app.models.pairing import Pairing
from app.models.ticket import Ticket
from services.attachments import Upload, store
from services.coordination.resubmission import NotLapsed, resubmit
from services.gateways.file_store import FileStore
from services.tickets.show import show_ticket
from tests.factories import (
    MONDAY,
    Case,
    Cast,
    make_account,
    make_cast,
    make_housekeeper,
    make_organisation,
    make_pairing,
    make_ticket,
)
from tests.files import SAMPLES

pytestmark = pytest.mark.usefixtures("database")

LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def files(tmp_path) -> FileStore:
    return FileStore(tmp_path)


def lapsed(files: FileStore, cast: Cast | None = None, **kept: Any) -> Case:
    """A ticket with a file and a contact, whose enterprise did not answer the notice."""
    cast = cast or make_cast()
    content = SAMPLES["证明.pdf"][0]
    file = store(cast.applicant.actor, Upload("证明.pdf", content), files, at=MONDAY)
    said = Submission(
        *("厂区用电增容", "新生产线投产需要增加用电容量，请协调。"),
        category_code="utilities",
        contact_name="王强",
        contact_phone="13800001234",
        attachment_ids=(file["id"],),
        **kept,
    )
    case = make_ticket(cast=cast, submit=said)
    case.act(Act.REQUEST_SUPPLEMENT, by=cast.coordinator.actor)
    case.act(Act.LAPSE_SUPPLEMENT, at=LATER)
    return case


def again(case: Case, files: FileStore, by: Actor | None = None) -> str:
    actor = by or case.cast.applicant.actor
    return resubmit(actor, case.number, "AS", files, at=LATER).number


def test_it_begins_again_as_it_was(files):
    case = lapsed(files)
    number = again(case, files)
    before, after = (
        db.session.scalars(sa.select(Ticket).where(Ticket.number == one)).one()
        for one in (case.number, number)
    )
    for name in ("title", "body", "kind", "channel", "category_code", "enterprise_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.status, after.submitted_at, after.lapse_ground) == ("submitted", LATER, None)
    shown = {
        one: show_ticket(case.cast.applicant.actor, one, at=LATER) for one in (case.number, number)
    }
    assert shown[number]["contact"] == shown[case.number]["contact"]
    assert shown[number]["contact"] is not None
    assert shown[number]["resubmitted_from"] == case.number
    assert shown[case.number]["resubmitted_as"] == number


def ticket(number: str) -> Ticket:
    return db.session.scalars(sa.select(Ticket).where(Ticket.number == number)).one()


def test_from_whom_it_was_kept_it_stays_kept(files):
    cast = make_cast()
    about = Complained(housekeeper=True, organisation_ids=(cast.lead_unit.id,))
    case = lapsed(files, cast, is_anonymous=True, complains_of=about)
    after = ticket(again(case, files))
    assert (after.is_anonymous, after.is_confidential) == (True, True)
    assert after.complained_housekeeper_id == cast.housekeeper_row.id
    assert after.complained_organisation_ids == [cast.lead_unit.id]
    for person in (cast.housekeeper, make_account("handler", organisation_id=cast.lead_unit.id)):
        with pytest.raises(NotFound):
            show_ticket(person.actor, after.number, at=LATER)


def test_a_complaint_is_about_who_was_housekeeper_then(files):
    cast = make_cast()
    case = lapsed(files, cast, complains_of=Complained(housekeeper=True))
    for pairing in db.session.scalars(
        sa.select(Pairing).where(Pairing.enterprise_id == cast.enterprise.id)
    ):
        pairing.state, pairing.ended_at = "ended", MONDAY
    db.session.flush()
    successor = make_housekeeper("王华")
    make_pairing(cast.enterprise, successor)
    after = ticket(again(case, files))
    assert after.housekeeper_id == successor.id
    assert after.complained_housekeeper_id == cast.housekeeper_row.id


def test_a_unit_that_was_closed_since_is_still_kept_from_it(files):
    cast, gone = make_cast(), make_organisation()
    about = Complained(organisation_ids=(cast.lead_unit.id, gone.id))
    case = lapsed(files, cast, complains_of=about)
    gone.closed_on = date(2026, 6, 20)
    db.session.flush()
    units = [cast.lead_unit.id, gone.id]
    assert ticket(again(case, files)).complained_organisation_ids == units


def test_its_files_are_its_own(files):
    case = lapsed(files)
    number = again(case, files)
    rows = db.session.execute(
        sa.select(Ticket.number, Attachment.storage_key, Attachment.sha256).join(
            Attachment, Attachment.ticket_id == Ticket.id
        )
    ).all()
    found = {row.number: row for row in rows}
    assert found[number].sha256 == found[case.number].sha256
    files.remove(found[case.number].storage_key)
    with files.open(found[number].storage_key) as copy:
        assert copy.read() == SAMPLES["证明.pdf"][0]


def test_it_begins_again_once(files):
    case = lapsed(files)
    number = again(case, files)
    with pytest.raises(AlreadyExists) as refusal:
        again(case, files)
    assert number in refusal.value.detail


@pytest.mark.parametrize("status", [Status.SUPPLEMENTING, Status.WITHDRAWN, Status.REFUSED])
def test_only_what_lapsed_begins_again(files, status):
    with pytest.raises(NotLapsed):
        again(make_ticket(status), files)


def test_what_is_another_enterprises_is_not_there(files):
    with pytest.raises(NotFound):
        again(lapsed(files), files, make_account("enterprise_admin").actor)


def test_nothing_is_left_of_copies_when_nothing_comes_of_it(files):
    case = lapsed(files)
    before = sorted(files.root.rglob("*"))
    case.cast.enterprise.operating_state = "注销"
    db.session.flush()
    with pytest.raises(Exception, match="注销"):
        again(case, files)
    assert [one for one in sorted(files.root.rglob("*")) if one.is_file()] == [
        one for one in before if one.is_file()
    ]
