"""calendars: whose hours a clock counts, which policies hold for a ticket, alarms to people."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MIRROR = """
UPDATE tickets t SET calendar_version = c.calendar_version, hours_area = ''
FROM sla_clocks c
WHERE c.ticket_id = t.id AND c.round = t.round AND c.organisation_id IS NULL
    AND (t.due_at IS NOT NULL OR t.remaining_seconds IS NOT NULL)
    AND c.kind = CASE
        WHEN t.status IN ('submitted', 'supplementing') THEN 'accept'
        WHEN t.status IN ('accepted', 'coordinating', 'handling') THEN 'finish'
        WHEN t.status = 'revisiting' THEN 'revisit'
        WHEN t.status = 'evaluating' THEN 'evaluation'
    END
"""
INDEXES = {
    "ix_sla_clocks_calendar": "INDEX CONCURRENTLY {} ON sla_clocks"
    " (calendar_version, hours_area, due_at) WHERE stopped_at IS NULL",
    "uq_notifications_alarms": "UNIQUE INDEX CONCURRENTLY {} ON notifications"
    " (alarm, kind, account_id, channel) WHERE alarm IS NOT NULL",
}
ABOUT = "ticket_id, pairing_id, handover_id"


def upgrade() -> None:
    op.add_column(
        "sla_clocks", sa.Column("hours_area", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("tickets", sa.Column("policies_on", sa.Date(), nullable=True))
    op.add_column("tickets", sa.Column("calendar_version", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("hours_area", sa.Text(), nullable=True))
    op.execute(MIRROR)
    op.add_column("notifications", sa.Column("alarm", sa.Text(), nullable=True))
    _about_one(f"{ABOUT}, alarm")
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE {index.format(name)}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE alarm IS NOT NULL")
    op.drop_index("uq_notifications_alarms", "notifications")
    _about_one(ABOUT)
    op.drop_column("notifications", "alarm")
    op.drop_index("ix_sla_clocks_calendar", "sla_clocks")
    op.drop_column("tickets", "hours_area")
    op.drop_column("tickets", "calendar_version")
    op.drop_column("tickets", "policies_on")
    op.drop_column("sla_clocks", "hours_area")


def _about_one(columns: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    name, table = "ck_notifications_about_one", "notifications"
    condition = f"num_nonnulls({columns}) = 1"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
