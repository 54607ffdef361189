"""Files that were uploaded and that no action has taken yet."""

from datetime import datetime

from app.db import db
from app.domain.actor import Actor
from app.models.attachment import Attachment


def make_upload(actor: Actor, at: datetime) -> Attachment:
    """A file of the actor's own."""
    file = Attachment(
        account_id=actor.account_id,
        filename="检测委托单.pdf",
        media_type="application/pdf",
        size=1,
        sha256=b"s" * 32,
        storage_key=f"{actor.account_id:032d}",
        created_at=at,
    )
    db.session.add(file)
    db.session.flush()
    return file
