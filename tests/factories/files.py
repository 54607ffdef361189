"""Files that tickets have, as rows: nothing lies in the store."""

from secrets import token_hex

from app.db import db
from app.models.attachment import Attachment
from services.gateways.file_store import KEY_BYTES
from tests.factories.people import Person
from tests.factories.tickets import Case


def make_attachment(case: Case, owner: Person, event_seq: int = 1) -> Attachment:
    """A file that `owner` handed in with an event of the ticket, by default its submission."""
    file = Attachment(
        ticket_id=case.ticket.id,
        event_seq=event_seq,
        account_id=owner.account.id,
        filename="证明.pdf",
        media_type="application/pdf",
        size=1,
        sha256=b"s" * 32,
        storage_key=token_hex(KEY_BYTES),
        created_at=case.at,
    )
    db.session.add(file)
    db.session.flush()
    return file
