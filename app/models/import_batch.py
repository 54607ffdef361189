"""批量导入: one register file, its progress, the verdict on each row, what each row changed."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, Json, JsonList, Recorded, Sealed, one_of

KINDS = ("housekeepers", "enterprises")
STATES = ("queued", "running", "done", "failed", "rolling_back", "rolled_back")
VERDICTS = ("ok", "pending", "error", "conflict")
EFFECTS = ("created", "changed", "same")
UNDONE = ("removed", "restored", "kept")
CHANGED_KINDS = (*KINDS, "pairings")


class ImportBatch(Model):
    """导入批次. `counts` maps verdicts to numbers of rows; `notes` are for the one who imports.

    `stored_row` is the last line whose verdict is stored: from there an interrupted batch goes on,
    with `worked_at`, the business time at which it began. `undone` counts what a rollback did.
    `area_prefix` bounds what the batch may report.
    """

    __tablename__ = "import_batches"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.Text)
    headings: Mapped[JsonList]
    area_prefix: Mapped[str] = mapped_column(sa.Text, server_default="")
    is_dry_run: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.Text, server_default="queued")
    total: Mapped[int | None]
    processed: Mapped[int] = mapped_column(server_default="0")
    stored_row: Mapped[int] = mapped_column(server_default="0")
    counts: Mapped[Json] = mapped_column(server_default=sa.text("'{}'::jsonb"))
    undone: Mapped[Json] = mapped_column(server_default=sa.text("'{}'::jsonb"))
    notes: Mapped[JsonList]
    failure: Mapped[str | None] = mapped_column(sa.Text)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    created_at: Mapped[Recorded]
    worked_at: Mapped[Instant | None]
    leased_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        sa.CheckConstraint(
            "state = 'rolling_back' OR (state IN ('queued', 'running')) = (finished_at IS NULL)",
            name="finished",
        ),
        sa.Index(
            "ix_import_batches_waiting",
            "id",
            postgresql_where=sa.text("state IN ('queued', 'running', 'rolling_back')"),
        ),
    )


class ImportPart(Model):
    """文件分段 of an upload, sealed, in base64; kept until the batch has been worked."""

    __tablename__ = "import_parts"

    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[Sealed]


class ImportRow(Model):
    """导入行的结论, and what became of the enterprise or housekeeper `subject_id` that it names.

    `values`: the cells of rows not stored, for the error workbook. `stored_at` is the moment that
    the register row bears as its own while nobody else has changed it. `undone`: by a rollback.
    """

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
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    effect: Mapped[str | None] = mapped_column(sa.Text)
    stored_at: Mapped[Recorded]
    undone: Mapped[str | None] = mapped_column(sa.Text)
    undone_reason: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("verdict", VERDICTS),
        one_of("effect", EFFECTS),
        one_of("undone", UNDONE),
        sa.Index(
            "ix_import_rows_subject_id",
            "subject_id",
            postgresql_where=sa.text("subject_id IS NOT NULL"),
        ),
    )


class ImportChange(Model):
    """变更前的样子: what stood in a row of the register before line `row` of a batch changed it.

    `before` is sealed JSON of its columns; None: it was not there. Kept for 30 days.
    """

    __tablename__ = "import_changes"

    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    subject_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    row: Mapped[int]
    before: Mapped[Sealed | None]
    created_at: Mapped[Recorded]

    __table_args__ = (one_of("kind", CHANGED_KINDS), sa.Index(None, "created_at"))
