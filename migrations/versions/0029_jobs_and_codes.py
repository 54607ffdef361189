"""jobs and codes: asked-for runs, pauses with an end, lost runs; pictures of program codes"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

AN_INSTANT = sa.TIMESTAMP(timezone=True)
STATES = ("running", "done", "failed")


def upgrade() -> None:
    op.create_table(
        "job_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", AN_INSTANT, nullable=False),
        sa.Column("taken_at", AN_INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["accounts.id"], name=op.f("fk_job_requests_asked_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_requests")),
    )
    op.create_index(
        "uq_job_requests_waiting",
        "job_requests",
        ["job"],
        unique=True,
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "job_pauses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.BigInteger(), nullable=False),
        sa.Column("paused_at", AN_INSTANT, nullable=False),
        sa.Column("paused_until", AN_INSTANT, nullable=False),
        sa.Column("ended_at", AN_INSTANT, nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("paused_until > paused_at", name=op.f("ck_job_pauses_has_an_end")),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR ended_by IS NULL", name=op.f("ck_job_pauses_ended")
        ),
        sa.CheckConstraint(
            "(ended_by IS NULL) = (end_reason IS NULL)", name=op.f("ck_job_pauses_end_reason")
        ),
        sa.ForeignKeyConstraint(
            ["paused_by"], ["accounts.id"], name=op.f("fk_job_pauses_paused_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["accounts.id"], name=op.f("fk_job_pauses_ended_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_pauses")),
    )
    op.create_index(
        "uq_job_pauses_standing",
        "job_pauses",
        ["job"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "program_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("made_at", AN_INSTANT, nullable=False),
        sa.Column("expires_at", AN_INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_program_codes_digest")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_program_codes_storage_key")),
    )
    op.create_index(op.f("ix_program_codes_expires_at"), "program_codes", ["expires_at"])
    op.add_column("job_runs", sa.Column("request_id", sa.BigInteger(), nullable=True))
    op.add_column("job_runs", sa.Column("taken_from", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_job_runs_request_id_job_requests"),
        "job_runs",
        "job_requests",
        ["request_id"],
        ["id"],
    )
    _allow((*STATES, "lost"))
    # Runs are kept for a week: the index is built in a moment.
    op.drop_constraint("uq_job_runs_slot", "job_runs", type_="unique")
    op.create_unique_constraint(
        "uq_job_runs_slot",
        "job_runs",
        ["job", "slot", "request_id"],
        postgresql_nulls_not_distinct=True,
    )
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_job_runs_request_id",
            "job_runs",
            ["request_id"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_job_runs_running",
            "job_runs",
            ["job"],
            postgresql_where=sa.text("state = 'running'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for index in ("ix_job_runs_running", "ix_job_runs_request_id"):
            op.drop_index(index, "job_runs", postgresql_concurrently=True, if_exists=True)
    op.execute("DELETE FROM job_runs WHERE request_id IS NOT NULL")
    op.execute("UPDATE job_runs SET state = 'failed' WHERE state = 'lost'")
    op.drop_constraint("uq_job_runs_slot", "job_runs", type_="unique")
    op.create_unique_constraint("uq_job_runs_slot", "job_runs", ["job", "slot"])
    _allow(STATES)
    op.drop_column("job_runs", "taken_from")
    op.drop_column("job_runs", "request_id")
    op.drop_table("program_codes")
    op.drop_table("job_pauses")
    op.drop_table("job_requests")


def _allow(states: tuple[str, ...]) -> None:
    name = op.f("ck_job_runs_state")
    listed = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(name, "job_runs", type_="check")
    op.create_check_constraint(name, "job_runs", f"state IN ({listed})", postgresql_not_valid=True)
    op.execute(f"ALTER TABLE job_runs VALIDATE CONSTRAINT {name}")
