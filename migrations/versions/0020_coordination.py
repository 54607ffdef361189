"""coordination: returns of the units, the rules that are made of rulings on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = "state IN ('dispatched', 'signed', 'replied', 'done', 'cancelled'{more})"
SIGNED = "state IN ('dispatched', 'cancelled'{more}) OR signed_at IS NOT NULL"
RETURNED = ", 'returned'"
OF_ASSIGNMENTS = (
    *("returned_at", "return_until", "countersigned_at", "countersigned_by"),
    "silence_is_consent",
)
OF_TICKETS = {
    "lapse_ground": "lapse_ground IN ('supplement_overdue', 'deferral_failed')",
    "lapsed": "lapse_ground IS NULL OR status = 'withdrawn'",
    "transferred": "(transferred_to IS NULL) = (transferred_at IS NULL)",
    "contact_confirmed": "contact_confirmed IS NULL OR contacted_at IS NOT NULL",
}
COLUMNS_OF_TICKETS = (
    *("contact_confirmed", "lapse_ground", "resubmitted_from"),
    *("transferred_to", "transferred_at"),
)
ONE_LEAD = "ON assignments (ticket_id, round) WHERE role = 'lead' AND state"


def upgrade() -> None:
    _build_indexes()
    for column in ("returned_at", "return_until", "countersigned_at"):
        op.add_column("assignments", sa.Column(column, sa.TIMESTAMP(timezone=True)))
    _let_countersign()
    _replace("state", STATES.format(more=RETURNED))
    _replace("signed", SIGNED.format(more=RETURNED) + " OR silence_is_consent")
    _check("assignments", "returned", "(state = 'returned') = (returned_at IS NOT NULL)")
    _create_routing_rules()
    _let_lapse()
    _create_templates()
    op.add_column(
        "enterprises",
        sa.Column("is_discredited", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("enterprises", "is_discredited")
    op.drop_table("dispatch_templates")
    _let_not_lapse()
    op.drop_table("routing_rules")
    # What was returned was nobody's any more, which is how the older product knows it.
    op.drop_constraint("ck_assignments_returned", "assignments")
    op.execute(
        "UPDATE assignments SET state = 'cancelled', cancelled_at = returned_at"
        " WHERE state = 'returned'"
    )
    # Who was silent, and taken to agree, has signed for it as far as the older product knows.
    op.execute(
        "UPDATE assignments SET signed_at = done_at WHERE state = 'done' AND signed_at IS NULL"
    )
    _replace("signed", SIGNED.format(more=""))
    _replace("state", STATES.format(more=""))
    for column in OF_ASSIGNMENTS:
        op.drop_column("assignments", column)
    op.drop_index("uq_assignments_one_lead", "assignments")
    op.execute(f"CREATE UNIQUE INDEX uq_assignments_one_lead {ONE_LEAD} <> 'cancelled'")


def _create_templates() -> None:
    op.create_table(
        "dispatch_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("silence_is_consent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_templates")),
        sa.UniqueConstraint("code", name=op.f("uq_dispatch_templates_code")),
    )


def _let_countersign() -> None:
    op.add_column(
        "assignments",
        sa.Column("silence_is_consent", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("assignments", sa.Column("countersigned_by", sa.BigInteger()))
    key = "fk_assignments_countersigned_by_accounts"
    op.execute(
        f"ALTER TABLE assignments ADD CONSTRAINT {key}"
        " FOREIGN KEY (countersigned_by) REFERENCES accounts (id) NOT VALID"
    )
    op.execute(f"ALTER TABLE assignments VALIDATE CONSTRAINT {key}")


def _let_lapse() -> None:
    op.add_column(
        "supplement_requests",
        sa.Column(
            "late_items",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "supplement_requests",
        sa.Column(
            "is_breach_of_one_time_notice",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
        ),
    )
    op.add_column("tickets", sa.Column("contact_confirmed", sa.Boolean()))
    op.add_column("tickets", sa.Column("lapse_ground", sa.Text()))
    op.add_column("tickets", sa.Column("transferred_to", sa.Text()))
    op.add_column("tickets", sa.Column("transferred_at", sa.TIMESTAMP(timezone=True)))
    for name, condition in OF_TICKETS.items():
        _check("tickets", name, condition)


def _let_not_lapse() -> None:
    for column in COLUMNS_OF_TICKETS:
        op.drop_column("tickets", column)
    for column in ("late_items", "is_breach_of_one_time_notice"):
        op.drop_column("supplement_requests", column)


def _replace(name: str, condition: str) -> None:
    op.drop_constraint(f"ck_assignments_{name}", "assignments")
    _check("assignments", name, condition)


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _create_routing_rules() -> None:
    op.create_table(
        "routing_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("area_prefix", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("is_binding", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.TIMESTAMP(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_routing_rules_{column}_{table}")
            )
            for column, table, key in (
                ("ticket_id", "tickets", "id"),
                ("category_code", "categories", "code"),
                ("organisation_id", "organisations", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_routing_rules_ruling"),
    )
    op.create_index("ix_routing_rules_category", "routing_rules", ["category_code", "made_at"])


def _build_indexes() -> None:
    """A lead's new index is there before the old one goes: at no moment may there be two leads.

    Whatever was begun is begun anew when a run was cut short.
    """
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_assignments_one_lead_new")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_assignments_one_lead_new"
            f" {ONE_LEAD} NOT IN ('cancelled', 'returned')"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_assignments_one_lead")
        op.execute("ALTER INDEX uq_assignments_one_lead_new RENAME TO uq_assignments_one_lead")
        op.execute("ALTER TABLE tickets ADD COLUMN IF NOT EXISTS resubmitted_from text")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_tickets_resubmitted_from")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_tickets_resubmitted_from"
            " ON tickets (resubmitted_from) WHERE resubmitted_from IS NOT NULL"
        )
        op.execute("SET lock_timeout = '5s'")
