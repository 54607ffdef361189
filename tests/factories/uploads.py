"""Files as rows: uploaded, and taken by no action yet or by the submission."""

from datetime import datetime
from itertools import count

from app.db import db
from app.models.attachment import Attachment

_numbers = count(10**20)


def make_upload(account_id: int | None, at: datetime) -> Attachment:
    """A file of the account's own."""
    file = Attachment(
        account_id=account_id,
        filename="检测委托单.pdf",
        media_type="application/pdf",
        size=1,
        sha256=b"s" * 32,
        storage_key=f"{next(_numbers):032d}",
        created_at=at,
    )
    db.session.add(file)
    db.session.flush()
    return file


def make_handed_in(ticket_id: int, account_id: int, at: datetime) -> Attachment:
    """A file that came with the submission of the ticket."""
    file = make_upload(account_id, at)
    file.ticket_id, file.event_seq = ticket_id, 1
    db.session.flush()
    return file
