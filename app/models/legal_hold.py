"""保全: what must not be deleted, however old it is."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, one_of

SUBJECT_KINDS = ("ticket", "enterprise", "account", "everything")


class LegalHold(Model):
    """保全 of a ticket, an enterprise, an account, or everything (`subject_id` is NULL then)."""

    __tablename__ = "legal_holds"

    id: Mapped[Id]
    subject_kind: Mapped[str] = mapped_column(sa.Text)
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    subject: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    placed_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    placed_at: Mapped[Instant]
    lifted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    lifted_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("subject_kind", SUBJECT_KINDS),
        sa.CheckConstraint(
            "(subject_kind = 'everything') = (subject_id IS NULL)", name="subject_id"
        ),
        sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted"),
        sa.Index(
            "uq_legal_holds_standing",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
        ),
    )
