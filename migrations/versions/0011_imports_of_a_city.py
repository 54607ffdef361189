"""imports of a city: files in parts, progress by the row, before-images, conflicts to settle."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = ("queued", "running", "done", "failed")
MORE_STATES = (*STATES, "rolling_back", "rolled_back")
INSTANT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")
ENDED = ("state", "failure", "leased_until", "finished_at")
INTERRUPTED = "升级时中断，未导入任何内容，请重新上传。"


def upgrade() -> None:
    _end_unfinished()
    op.drop_constraint(op.f("ck_import_batches_workbook_until_worked"), "import_batches")
    op.drop_column("import_batches", "workbook")
    op.add_column(
        "import_batches", sa.Column("stored_row", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "import_batches",
        sa.Column(
            "undone",
            postgresql.JSONB,
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("import_batches", sa.Column("worked_at", INSTANT))
    _constrain(
        MORE_STATES,
        "state = 'rolling_back' OR (state IN ('queued', 'running')) = (finished_at IS NULL)",
        "state IN ('queued', 'running', 'rolling_back')",
    )
    _extend_rows()
    _create_parts()
    _create_changes()
    _create_conflicts()
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_import_rows_subject_id",
            "import_rows",
            ["subject_id"],
            postgresql_where=sa.text("subject_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_import_rows_subject_id", "import_rows", postgresql_concurrently=True, if_exists=True
        )
    _end_unfinished()
    for table in ("register_conflicts", "import_changes", "import_parts"):
        op.drop_table(table)
    for name in ("undone_reason", "undone", "stored_at", "effect", "subject_id"):
        op.drop_column("import_rows", name)
    op.execute("UPDATE import_batches SET state = 'done' WHERE state = 'rolled_back'")
    _constrain(
        STATES,
        "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
        "state IN ('queued', 'running')",
    )
    for name in ("worked_at", "undone", "stored_row"):
        op.drop_column("import_batches", name)
    op.add_column("import_batches", sa.Column("workbook", sa.LargeBinary))
    op.create_check_constraint(
        op.f("ck_import_batches_workbook_until_worked"),
        "import_batches",
        "state IN ('done', 'failed') OR workbook IS NOT NULL",
    )


def _end_unfinished() -> None:
    """A file that waits cannot be taken along; its importer is told to bring it again."""
    batches = sa.table("import_batches", *map(sa.column, ENDED))
    unfinished = batches.c.state.not_in(("done", "failed", "rolled_back"))
    op.execute(
        sa.update(batches)
        .where(unfinished)
        .values(
            state="failed",
            failure=INTERRUPTED,
            leased_until=None,
            finished_at=sa.func.coalesce(batches.c.finished_at, sa.func.now()),
        )
    )


def _constrain(states: tuple[str, ...], finished: str, waiting: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    for name, condition in {"state": f"state IN ({listed})", "finished": finished}.items():
        op.drop_constraint(op.f(f"ck_import_batches_{name}"), "import_batches")
        op.create_check_constraint(op.f(f"ck_import_batches_{name}"), "import_batches", condition)
    op.drop_index("ix_import_batches_waiting", "import_batches")
    op.create_index(
        "ix_import_batches_waiting",
        "import_batches",
        ["id"],
        postgresql_where=sa.text(waiting),
    )


def _extend_rows() -> None:
    op.add_column("import_rows", sa.Column("subject_id", sa.BigInteger))
    op.add_column("import_rows", sa.Column("effect", sa.Text))
    op.add_column(
        "import_rows", sa.Column("stored_at", INSTANT, server_default=NOW, nullable=False)
    )
    op.add_column("import_rows", sa.Column("undone", sa.Text))
    op.add_column("import_rows", sa.Column("undone_reason", sa.Text))
    for name, listed in {
        "effect": "'created', 'changed', 'same'",
        "undone": "'removed', 'restored', 'kept'",
    }.items():
        op.create_check_constraint(
            op.f(f"ck_import_rows_{name}"), "import_rows", f"{name} IN ({listed})"
        )


def _batch(*, cascades: bool) -> sa.ForeignKey:
    return sa.ForeignKey("import_batches.id", ondelete="CASCADE" if cascades else None)


def _create_parts() -> None:
    op.create_table(
        "import_parts",
        sa.Column("batch_id", sa.BigInteger, _batch(cascades=True), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "part", name=op.f("pk_import_parts")),
    )


def _create_changes() -> None:
    op.create_table(
        "import_changes",
        sa.Column("batch_id", sa.BigInteger, _batch(cascades=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("before", sa.LargeBinary),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "kind", "subject_id", name=op.f("pk_import_changes")),
        sa.CheckConstraint(
            "kind IN ('housekeepers', 'enterprises', 'pairings')",
            name=op.f("ck_import_changes_kind"),
        ),
    )
    op.create_index("ix_import_changes_created_at", "import_changes", ["created_at"])


def _create_conflicts() -> None:
    enterprise = sa.ForeignKey("enterprises.id", ondelete="CASCADE")
    op.create_table(
        "register_conflicts",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger, _batch(cascades=False), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("enterprise_id", sa.BigInteger, enterprise, nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger, sa.ForeignKey("organisations.id"), nullable=False
        ),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, server_default="open", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("settled_by", sa.BigInteger, sa.ForeignKey("accounts.id")),
        sa.Column("settled_at", INSTANT),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_conflicts")),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'replaced', 'withdrawn')",
            name=op.f("ck_register_conflicts_state"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_register_conflicts_settled")
        ),
    )
    for name in ("batch_id", "enterprise_id", "organisation_id"):
        op.create_index(f"ix_register_conflicts_{name}", "register_conflicts", [name])
    op.create_index(
        "uq_register_conflicts_open",
        "register_conflicts",
        ["enterprise_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
