"""counts are rules: how many notices and calls there may be stands in flow_rules alone."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OLD = (
    ("revisits", "attempts", "attempts BETWEEN 0 AND 3"),
    ("revisits", "unreached_after_three", "outcome <> 'unreached' OR attempts = 3"),
    ("supplement_requests", "at_most_two", "attempt BETWEEN 1 AND 2"),
)
NEW = (
    ("revisits", "attempts", "attempts >= 0"),
    ("revisits", "unreached_after_calls", "outcome <> 'unreached' OR attempts > 0"),
    ("supplement_requests", "counted", "attempt >= 1"),
)


def upgrade() -> None:
    _replace(OLD, NEW)
    for table, name, _ in NEW:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def downgrade() -> None:
    """What was counted otherwise meanwhile stays."""
    _replace(NEW, OLD)


def _replace(former: tuple[tuple[str, ...], ...], following: tuple[tuple[str, ...], ...]) -> None:
    for table, name, _ in former:
        op.drop_constraint(f"ck_{table}_{name}", table)
    for table, name, condition in following:
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
        )
