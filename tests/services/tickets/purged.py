"""Tickets with files, for what purges them."""

from dataclasses import replace

import sqlalchemy as sa

from app.db import db
from app.domain.facts.purging import PurgeRequest
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.attachment import Attachment
from services.attachments import Upload, store
from services.gateways.file_store import FileStore
from services.tickets.history import verify_histories
from tests.domain.story import USUAL
from tests.factories import MONDAY, Case, make_cast, make_ticket
from tests.files import SAMPLES

KEY = b"k" * 32
REASON = "合同含商业秘密，误传"


def upload(files: FileStore, person) -> int:
    content = SAMPLES["证明.pdf"][0]
    stored = store(person.actor, Upload("甲公司报价.pdf", content), files, at=MONDAY)
    return int(stored["id"])


def with_file(files: FileStore, status: Status = Status.ARCHIVED) -> tuple[Case, int]:
    """A ticket in `status` that was submitted with a file."""
    cast = make_cast()
    file = upload(files, cast.applicant)
    submitted = replace(USUAL[Act.SUBMIT], attachment_ids=(file,))
    return make_ticket(status, cast, submit=submitted), file


def row(file: int) -> Attachment:
    query = sa.select(Attachment).where(Attachment.id == file)
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def purge(case: Case, *files: int) -> None:
    case.act(Act.REQUEST_PURGE, PurgeRequest(files, REASON))
    case.act(Act.RULE_PURGE)


def faults() -> list[str]:
    return [f"{one.broken_seq} {one.reason}" for one in verify_histories() if one.reason]
