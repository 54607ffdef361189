"""登记冲突: one enterprise reported by two authorities, until it is settled whose word holds."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, Recorded, Sealed, one_of

CONFLICT_STATES = ("open", "kept", "replaced", "withdrawn")


class RegisterConflict(Model):
    """登记冲突. `entry` is the report that was not stored, sealed JSON; `organisation_id` made it.

    kept: what is registered stays; replaced: the report took its place; withdrawn: its batch was
    rolled back.
    """

    __tablename__ = "register_conflicts"

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batches.id"), index=True)
    row: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(
        sa.ForeignKey("enterprises.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    entry: Mapped[Sealed]
    state: Mapped[str] = mapped_column(sa.Text, server_default="open")
    reason: Mapped[str | None] = mapped_column(sa.Text)
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    settled_at: Mapped[Instant | None]
    created_at: Mapped[Recorded]

    __table_args__ = (
        one_of("state", CONFLICT_STATES),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.Index(
            "uq_register_conflicts_open",
            "enterprise_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
        ),
    )
