"""导出: a workbook of what its maker may see, asked for with a purpose and kept for some days."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.export_rules import ExportKind, Ground
from app.models.columns import Hash, Id, Instant, Json, one_of

STATES = ("awaiting", "queued", "running", "done", "refused", "failed", "expired")


class Export(Model):
    """导出. `grounds` say why a second person has to agree; `area_prefix` is how far it reaches.

    It is made as the membership of its maker sees things then. The file lies in the file store
    until `expires_at`.
    """

    __tablename__ = "exports"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.Text)
    filters: Mapped[Json]
    purpose: Mapped[str] = mapped_column(sa.Text)
    with_personal: Mapped[bool]
    area_prefix: Mapped[str] = mapped_column(sa.Text)
    grounds: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("memberships.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(sa.Text)
    ruled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    ruled_at: Mapped[Instant | None]
    ruling_note: Mapped[str | None] = mapped_column(sa.Text)
    rows: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(sa.Text)
    storage_key: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    size: Mapped[int | None]
    sha256: Mapped[Hash | None]
    created_at: Mapped[Instant]
    leased_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", ExportKind),
        one_of("state", STATES),
        sa.CheckConstraint(
            f"grounds <@ ARRAY[{', '.join(repr(ground.value) for ground in Ground)}]",
            name="grounds",
        ),
        sa.CheckConstraint("(ruled_by IS NULL) = (ruled_at IS NULL)", name="ruled"),
        sa.CheckConstraint("ruled_by <> account_id", name="ruled_by_another"),
        sa.CheckConstraint(
            "state IN ('awaiting', 'refused', 'expired', 'failed')"
            " OR cardinality(grounds) = 0 OR ruled_by IS NOT NULL",
            name="approved_first",
        ),
        sa.CheckConstraint("(state = 'done') = (storage_key IS NOT NULL)", name="has_file"),
        sa.Index(
            "ix_exports_waiting",
            "id",
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        ),
        sa.Index("ix_exports_area", "area_prefix", "id"),
    )
