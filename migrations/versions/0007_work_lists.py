"""work lists: what is open of an enterprise, and what is due first or changed last of all."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_tickets_enterprise_open": "(enterprise_id, due_at, id)"
    " WHERE status NOT IN ('archived', 'refused', 'withdrawn', 'merged')",
    "ix_tickets_due": "(due_at, id)",
    "ix_tickets_changed_at": "(changed_at, id)",
    "ix_tickets_evaluating": "(due_at) WHERE status = 'evaluating'",
}
REPLACED = {"ix_tickets_open_due": "(status, due_at, id) WHERE archived_at IS NULL"}


def upgrade() -> None:
    _exchange(INDEXES, REPLACED)


def downgrade() -> None:
    _exchange(REPLACED, INDEXES)


def _exchange(made: dict[str, str], dropped: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in made.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON tickets {index}")
        for name in dropped:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute("SET lock_timeout = '5s'")
