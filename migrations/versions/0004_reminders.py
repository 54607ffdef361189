"""reminders: when a clock reminds, and each warning of a clock only once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


RUNG = ", ".join(
    ["ticket_id", "round"]
    + [f"(facts ->> '{name}')" for name in ("clock", "organisation_id", "rung", "due_at")]
)
INDEXES = {
    "ix_sla_clocks_to_remind": "INDEX CONCURRENTLY ix_sla_clocks_to_remind ON sla_clocks"
    " (remind_at) WHERE stopped_at IS NULL AND reminded_at IS NULL",
    "uq_ticket_events_rung": "UNIQUE INDEX CONCURRENTLY uq_ticket_events_rung ON ticket_events"
    f" ({RUNG}) NULLS NOT DISTINCT WHERE action IN ('issue_card', 'remind')",
}


def upgrade() -> None:
    for column in ("remind_at", "reminded_at"):
        op.add_column("sla_clocks", sa.Column(column, sa.TIMESTAMP(timezone=True), nullable=True))
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE {index}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for column in ("reminded_at", "remind_at"):
        op.drop_column("sla_clocks", column)
