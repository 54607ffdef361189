"""审计: who did what to which object, kept apart from the business tables."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, Json, Recorded, one_of

RESULTS = ("ok", "refused")


class AuditEntry(Model):
    """审计记录. Append-only, by a trigger of the database; sealed once, by a job.

    `seal_seq` is the place in the chain and `seal_hash` covers the entry and the hash before it.
    """

    __tablename__ = "audit_entries"

    id: Mapped[Id]
    at: Mapped[Recorded]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    ip: Mapped[str | None] = mapped_column(sa.Text)
    result: Mapped[str] = mapped_column(sa.Text, server_default="ok")
    facts: Mapped[Json]
    seal_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    seal_hash: Mapped[Hash | None]

    __table_args__ = (
        one_of("result", RESULTS),
        sa.CheckConstraint("(seal_seq IS NULL) = (seal_hash IS NULL)", name="sealed"),
        sa.Index("ix_audit_entries_newest", "at", "id"),
        sa.Index("ix_audit_entries_account", "account_id", "at", "id"),
        sa.Index("ix_audit_entries_subject", "subject", "at", "id"),
        sa.Index("ix_audit_entries_action", "action", "at", "id"),
        sa.Index(
            "uq_audit_entries_seal_seq",
            "seal_seq",
            unique=True,
            postgresql_where=sa.text("seal_seq IS NOT NULL"),
        ),
        sa.Index("ix_audit_entries_unsealed", "id", postgresql_where=sa.text("seal_seq IS NULL")),
    )


class AuditChain(Model):
    """审计链: where the chain of the entries on line begins and ends. One row.

    `first_hash` is the hash before the entry `first_seq`. `verified_…` and `broken_…` tell what
    became of the last verification.
    """

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="1")
    first_seq: Mapped[int] = mapped_column(sa.BigInteger)
    first_hash: Mapped[Hash]
    last_seq: Mapped[int] = mapped_column(sa.BigInteger)
    last_hash: Mapped[Hash]
    sealed_at: Mapped[Instant | None]
    verified_at: Mapped[Instant | None]
    verified_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    broken_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    broken_reason: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)


class AuditArchive(Model):
    """审计归档: entries that left the database, in one sealed file.

    Its chain begins behind `first_hash` and ends with `last_hash`.
    """

    __tablename__ = "audit_archives"

    first_seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, unique=True)
    first_hash: Mapped[Hash]
    last_hash: Mapped[Hash]
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]
    storage_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    stored_at: Mapped[datetime] = mapped_column(sa.TIMESTAMP(timezone=True))
