"""附件: files, checked by content, kept outside the web root."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant


class Attachment(Model):
    """附件. Belongs to its uploader until an action links it to a ticket."""

    __tablename__ = "attachments"

    id: Mapped[Id]
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    event_seq: Mapped[int | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    filename: Mapped[str] = mapped_column(sa.Text)
    media_type: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    sha256: Mapped[Hash]
    storage_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    created_at: Mapped[Instant]
