"""批量导入: one workbook, its progress and the verdict on each row."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, Json, JsonList, Recorded, Sealed, one_of

KINDS = ("housekeepers", "enterprises")
STATES = ("queued", "running", "done", "failed")
VERDICTS = ("ok", "pending", "error", "conflict")


class ImportBatch(Model):
    """导入批次. `counts` maps verdicts to numbers of rows; `notes` are for the one who imports.

    `workbook` is the uploaded file, sealed, and kept only until it has been worked: what is wanted
    of it afterwards are `digest`, `headings` and the rows. `area_prefix` bounds what it may report.
    """

    __tablename__ = "import_batches"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.Text)
    workbook: Mapped[Sealed | None] = mapped_column(deferred=True)
    headings: Mapped[JsonList]
    area_prefix: Mapped[str] = mapped_column(sa.Text, server_default="")
    is_dry_run: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.Text, server_default="queued")
    total: Mapped[int | None]
    processed: Mapped[int] = mapped_column(server_default="0")
    counts: Mapped[Json] = mapped_column(server_default=sa.text("'{}'::jsonb"))
    notes: Mapped[JsonList]
    failure: Mapped[str | None] = mapped_column(sa.Text)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    created_at: Mapped[Recorded]
    leased_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished"
        ),
        sa.CheckConstraint(
            "state IN ('done', 'failed') OR workbook IS NOT NULL", name="workbook_until_worked"
        ),
        sa.Index(
            "ix_import_batches_waiting",
            "id",
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        ),
    )


class ImportRow(Model):
    """导入行的结论. `values`: the cells of rows not stored, for the error workbook."""

    __tablename__ = "import_rows"

    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True
    )
    row: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(sa.Text)
    field: Mapped[str] = mapped_column(sa.Text, server_default="")
    reason: Mapped[str] = mapped_column(sa.Text, server_default="")
    name: Mapped[str] = mapped_column(sa.Text, server_default="")
    values: Mapped[Sealed | None]

    __table_args__ = (one_of("verdict", VERDICTS),)
