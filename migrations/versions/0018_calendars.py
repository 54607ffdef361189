"""calendars: on whose hours a clock counts, and since when which policies hold for a ticket."""

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
INDEX = "(calendar_version, hours_area, due_at) WHERE stopped_at IS NULL"


def upgrade() -> None:
    op.add_column(
        "sla_clocks", sa.Column("hours_area", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("tickets", sa.Column("policies_on", sa.Date(), nullable=True))
    op.add_column("tickets", sa.Column("calendar_version", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("hours_area", sa.Text(), nullable=True))
    op.execute(MIRROR)
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_sla_clocks_calendar")
        op.execute(f"CREATE INDEX CONCURRENTLY ix_sla_clocks_calendar ON sla_clocks {INDEX}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    op.drop_index("ix_sla_clocks_calendar", "sla_clocks")
    op.drop_column("tickets", "hours_area")
    op.drop_column("tickets", "calendar_version")
    op.drop_column("tickets", "policies_on")
    op.drop_column("sla_clocks", "hours_area")
