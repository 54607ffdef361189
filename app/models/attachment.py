"""附件: files, checked by content, kept outside the web root."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant


class Attachment(Model):
    """附件. Belongs to its uploader until an action links it to a ticket.

    Once purged it tells only that it was: `storage_key` goes as soon as the content is gone.
    """

    __tablename__ = "attachments"

    id: Mapped[Id]
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    event_seq: Mapped[int | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    filename: Mapped[str] = mapped_column(sa.Text)
    media_type: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    sha256: Mapped[Hash]
    storage_key: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    created_at: Mapped[Instant]
    purged_at: Mapped[Instant | None]
    purged_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    purge_reason: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        sa.CheckConstraint(
            "num_nulls(purged_at, purged_by, purge_reason) IN (0, 3)", name="purged"
        ),
        sa.CheckConstraint("storage_key IS NOT NULL OR purged_at IS NOT NULL", name="stored"),
        sa.Index(
            "ix_attachments_to_erase",
            "id",
            postgresql_where=sa.text("purged_at IS NOT NULL AND storage_key IS NOT NULL"),
        ),
    )
