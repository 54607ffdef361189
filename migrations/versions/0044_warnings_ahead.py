"""warnings ahead: of a clock that has had a warning the lower ones are not looked for any more."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BEFORE = {
    "ix_sla_clocks_to_nudge": ("nudge_at", ("nudged_at",)),
    "ix_sla_clocks_to_remind": ("remind_at", ("reminded_at",)),
    "ix_sla_clocks_to_warn": ("yellow_at", ("warned_at",)),
}
AFTER = {
    "ix_sla_clocks_to_nudge": (
        "nudge_at",
        ("nudged_at", "reminded_at", "warned_at", "overdue_at"),
    ),
    "ix_sla_clocks_to_remind": ("remind_at", ("reminded_at", "warned_at", "overdue_at")),
    "ix_sla_clocks_to_warn": ("yellow_at", ("warned_at", "overdue_at")),
}


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(indexes: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """The old one serves until the new one is there."""
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, (column, unset) in indexes.items():
            where = " AND ".join(f"{each} IS NULL" for each in ("stopped_at", *unset))
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_anew")
            op.execute(
                f"CREATE INDEX CONCURRENTLY {name}_anew ON sla_clocks ({column}) WHERE {where}"
            )
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_anew RENAME TO {name}")
        op.execute("SET lock_timeout = '5s'")
