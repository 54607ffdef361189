"""after the answer: objections, bad ratings that are rectified, first and last figures kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
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
    "stage_report",
    "ruling",
    "deferral",
    "suspension",
    "rectification",
    "review_contact",
)
NEW_CLOCKS = ("objection",)
KINDS = (
    "return",
    "consultation",
    "joint_meeting",
    "extension",
    "suspension",
    "deferral",
    "unreasonable",
    "rectification",
)
NEW_KINDS = ("set_aside",)
AN_INSTANT = sa.TIMESTAMP(timezone=True)

FIRST_COMPLETED = """
UPDATE tickets t SET first_completed_at = coalesce(
    (SELECT c.stopped_at FROM sla_clocks c
        WHERE c.ticket_id = t.id AND c.kind = 'finish' AND c.round = 1), t.completed_at)
WHERE t.completed_at IS NOT NULL OR t.round > 1
"""

KEEP = """
CREATE FUNCTION keep_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('guanjia.retaining', true) = 'tickets' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'tickets'
        AND to_jsonb(OLD) - '{area_code,contact_name,contact_phone}'::text[]
          = to_jsonb(NEW) - '{area_code,contact_name,contact_phone}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of tickets is append-only, and what is archived stays as it is'
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGERS = {
    "ticket_events": "ticket_events_are_kept BEFORE UPDATE OR DELETE ON ticket_events FOR EACH ROW",
    "tickets": "archived_tickets_are_kept BEFORE UPDATE OR DELETE ON tickets FOR EACH ROW"
    " WHEN (OLD.status = 'archived')",
}
"""What is archived may be moved to another area and sealed with another key, and goes with its
retention; nothing else touches it."""


def upgrade() -> None:
    _know("sla_clocks", "kind", (*CLOCKS, *NEW_CLOCKS))
    _know("sla_policies", "clock", (*CLOCKS, *NEW_CLOCKS))
    _know("ticket_matters", "kind", (*KINDS, *NEW_KINDS))
    op.add_column("tickets", sa.Column("first_completed_at", AN_INSTANT, nullable=True))
    op.execute(FIRST_COMPLETED)
    op.add_column(
        "tickets",
        sa.Column("may_rate_again", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _keep_first_ratings()
    _keep_secrets()
    _let_merge()
    op.execute(KEEP)
    for trigger in TRIGGERS.values():
        op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION keep_tickets()")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_evaluations_first_rated_at",
            "evaluations",
            ["first_rated_at"],
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_tickets_parent",
            "tickets",
            ["parent_id"],
            postgresql_where=sa.text("parent_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_evaluations_rated_at", table_name="evaluations", postgresql_concurrently=True
        )


def downgrade() -> None:
    for table, trigger in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {trigger.split()[0]} ON {table}")
    op.execute("DROP FUNCTION keep_tickets()")
    op.create_index("ix_evaluations_rated_at", "evaluations", ["rated_at"])
    op.drop_index("ix_evaluations_first_rated_at", table_name="evaluations")
    op.drop_column("evaluations", "set_aside_at")
    op.drop_column("evaluations", "first_rated_at")
    op.drop_column("evaluations", "first_level")
    for column in ("passed_on_at", "merged_at", "parent_id"):
        op.drop_column("tickets", column)
    for column in ("complained_organisation_ids", "complained_housekeeper_id", "is_anonymous"):
        op.drop_column("tickets", column)
    op.drop_column("tickets", "may_rate_again")
    op.drop_column("tickets", "first_completed_at")
    for table, column, values in (
        ("sla_clocks", "kind", CLOCKS),
        ("sla_policies", "clock", CLOCKS),
        ("ticket_matters", "kind", KINDS),
    ):
        known = sa.column(column).in_(values)
        op.execute(sa.table(table, sa.column(column)).delete().where(sa.not_(known)))
        _know(table, column, values)


def _keep_first_ratings() -> None:
    op.add_column("evaluations", sa.Column("first_level", sa.SmallInteger(), nullable=True))
    op.add_column("evaluations", sa.Column("first_rated_at", AN_INSTANT, nullable=True))
    op.add_column("evaluations", sa.Column("set_aside_at", AN_INSTANT, nullable=True))
    op.execute("UPDATE evaluations SET first_level = level, first_rated_at = rated_at")
    op.alter_column("evaluations", "first_level", nullable=False)
    op.alter_column("evaluations", "first_rated_at", nullable=False)
    _check("evaluations", "first_level", "first_level BETWEEN 1 AND 5")


def _keep_secrets() -> None:
    no = sa.false()
    op.add_column(
        "tickets", sa.Column("is_anonymous", sa.Boolean(), server_default=no, nullable=False)
    )
    op.add_column("tickets", sa.Column("complained_housekeeper_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_tickets_complained_housekeeper_id_housekeepers",
        "tickets",
        "housekeepers",
        ["complained_housekeeper_id"],
        ["id"],
    )
    op.add_column(
        "tickets",
        sa.Column(
            "complained_organisation_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default="{}",
            nullable=False,
        ),
    )


def _let_merge() -> None:
    op.add_column("tickets", sa.Column("parent_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_tickets_parent_id_tickets",
        "tickets",
        "tickets",
        ["parent_id"],
        ["id"],
        ondelete="SET NULL",
    )
    for column in ("merged_at", "passed_on_at"):
        op.add_column("tickets", sa.Column(column, AN_INSTANT, nullable=True))
    _check("tickets", "merged", "(status = 'merged') = (merged_at IS NOT NULL)")


def _know(table: str, column: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(f"ck_{table}_{column}", table)
    _check(table, column, f"{column} IN ({', '.join(repr(value) for value in values)})")


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
