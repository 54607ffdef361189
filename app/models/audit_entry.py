"""审计: who did what to which object, kept apart from the business tables."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Json, Recorded


class AuditEntry(Model):
    """审计记录. Append-only."""

    __tablename__ = "audit_entries"

    id: Mapped[Id]
    at: Mapped[Recorded]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    ip: Mapped[str | None] = mapped_column(sa.Text)
    facts: Mapped[Json]

    __table_args__ = (sa.Index("ix_audit_entries_at", "at"),)
