"""Files that were uploaded and that no action has taken yet."""

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
