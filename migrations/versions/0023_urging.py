"""urging: how often and when last a ticket was urged, when it may be again, and how often at all."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CLOCKS = (
    "first_contact",
    "accept",
    "supplement",
    "finish",
    "assignment",
    "opinion",
    "revisit",
    "evaluation",
    "objection",
    "stage_report",
    "ruling",
    "deferral",
    "suspension",
    "rectification",
    "review_contact",
)
NEW_CLOCKS = ("urge",)
KNOWN_IN = (
    ("sla_policies", "clock"),
    ("sla_clocks", "kind"),
    ("cards", "clock"),
    ("supervision_orders", "clock"),
    ("bulletin_entries", "clock"),
)
AN_INSTANT = sa.TIMESTAMP(timezone=True)
INSTANTS = ("urged_at", "urge_again_at")
URGED = (
    "(urge_count = 0) = (urged_at IS NULL) AND (urge_count = 0) = (urge_again_at IS NULL)"
    " AND (urge_count > 0 OR NOT is_urged)"
)


def upgrade() -> None:
    for table, column in KNOWN_IN:
        _know(table, column, (*CLOCKS, *NEW_CLOCKS))
    op.add_column(
        "tickets", sa.Column("urge_count", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "tickets", sa.Column("is_urged", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for name in INSTANTS:
        op.add_column("tickets", sa.Column(name, AN_INSTANT, nullable=True))
    _check("tickets", "urged", URGED)
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_tickets_urged",
            "tickets",
            ["area_code", "due_at", "id"],
            postgresql_where=sa.text("is_urged"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_tickets_urged", table_name="tickets")
    op.drop_constraint("ck_tickets_urged", "tickets")
    for name in (*INSTANTS, "is_urged", "urge_count"):
        op.drop_column("tickets", name)
    policies = sa.table("sla_policies", sa.column("clock"))
    op.execute(policies.delete().where(policies.c.clock.in_(NEW_CLOCKS)))
    for table, column in KNOWN_IN:
        _know(table, column, CLOCKS)


def _know(table: str, column: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(f"ck_{table}_{column}", table)
    _check(table, column, f"{column} IN ({', '.join(repr(value) for value in values)})")


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
