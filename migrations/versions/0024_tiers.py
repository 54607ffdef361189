"""tiers: how high a ticket was raised, and for which kind of cause; what is tracked open."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CAUSES = ("policy_gap", "unit_dispute", "missing_precondition", "history")
CHECKS = {
    "ck_tickets_escalation_cause": f"escalation_cause IN ({', '.join(map(repr, CAUSES))})",
    "ck_tickets_tier": "tier BETWEEN 1 AND 3 AND (tier = 1) = (escalation_cause IS NULL)",
}
KINDS = (
    "return",
    "consultation",
    "joint_meeting",
    "extension",
    "suspension",
    "deferral",
    "unreasonable",
    "rectification",
    "set_aside",
)
NEW_KINDS = ("tracking",)
INDEXES = {
    "ix_ticket_matters_tracking": "ticket_matters (ticket_id) WHERE kind = 'tracking'",
    "ix_tickets_escalated": "tickets (area_code, due_at, id) WHERE tier > 1",
}


def upgrade() -> None:
    op.add_column(
        "tickets", sa.Column("tier", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.add_column("tickets", sa.Column("escalation_cause", sa.Text(), nullable=True))
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE tickets ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE tickets VALIDATE CONSTRAINT {name}")
    _know(*KINDS, *NEW_KINDS)
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, place in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {place}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name in CHECKS:
        op.drop_constraint(name, "tickets")
    op.drop_column("tickets", "escalation_cause")
    op.drop_column("tickets", "tier")
    op.execute("DELETE FROM ticket_matters WHERE kind = 'tracking'")
    _know(*KINDS)


def _know(*kinds: str) -> None:
    op.drop_constraint("ck_ticket_matters_kind", "ticket_matters")
    op.execute(
        "ALTER TABLE ticket_matters ADD CONSTRAINT ck_ticket_matters_kind"
        f" CHECK (kind IN ({', '.join(map(repr, kinds))})) NOT VALID"
    )
    op.execute("ALTER TABLE ticket_matters VALIDATE CONSTRAINT ck_ticket_matters_kind")
