"""supervision: the whole ladder on clocks, and what comes of it: cards, orders, letters, meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANTS = ("nudge_at", "nudged_at", "climb_at")
LATE_RUNGS = ("order", "bulletin", "escalation")
CLOCK_INDEXES = {
    "ix_sla_clocks_to_nudge": "(nudge_at) WHERE stopped_at IS NULL AND nudged_at IS NULL",
    "ix_sla_clocks_to_climb": "(climb_at) WHERE stopped_at IS NULL AND overdue_at IS NOT NULL",
}


def upgrade() -> None:
    for name in INSTANTS:
        op.add_column("sla_clocks", sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("sla_clocks", sa.Column("late_rung", sa.Text(), nullable=True))
    none_yet = sa.text("'[]'::jsonb")
    late = sa.Column("late_ats", postgresql.JSONB(), server_default=none_yet, nullable=False)
    op.add_column("sla_clocks", late)
    _check("sla_clocks", "late_rung", _one_of("late_rung", LATE_RUNGS))
    _index_clocks()


def downgrade() -> None:
    for name in CLOCK_INDEXES:
        op.drop_index(name, table_name="sla_clocks")
    for name in ("late_ats", "late_rung", *INSTANTS):
        op.drop_column("sla_clocks", name)


def _index_clocks() -> None:
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in CLOCK_INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON sla_clocks {index}")
        op.execute("SET lock_timeout = '5s'")


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
