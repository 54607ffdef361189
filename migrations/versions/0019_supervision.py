"""supervision: the whole ladder on clocks, and what comes of it: cards, orders, letters, meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANTS = ("nudge_at", "nudged_at", "climb_at")
LATE_RUNGS = ("order", "bulletin", "escalation")
CLOCK_INDEXES = {
    "ix_sla_clocks_to_nudge": "(nudge_at) WHERE stopped_at IS NULL AND nudged_at IS NULL",
    "ix_sla_clocks_to_climb": "(climb_at) WHERE stopped_at IS NULL AND overdue_at IS NOT NULL",
}
TABLES = (
    "bulletin_entries",
    "letters",
    "supervision_order_events",
    "supervision_orders",
    "cards",
    "supervision_rules",
)


def upgrade() -> None:
    for name in INSTANTS:
        op.add_column("sla_clocks", sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("sla_clocks", sa.Column("late_rung", sa.Text(), nullable=True))
    none_yet = sa.text("'[]'::jsonb")
    late = sa.Column("late_ats", postgresql.JSONB(), server_default=none_yet, nullable=False)
    op.add_column("sla_clocks", late)
    _check("sla_clocks", "late_rung", _one_of("late_rung", LATE_RUNGS))
    _create_supervision_rules()
    _create_cards()
    _create_supervision_orders()
    _create_supervision_order_events()
    _create_letters()
    _create_bulletin_entries()
    _index_clocks()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    for name in CLOCK_INDEXES:
        op.drop_index(name, table_name="sla_clocks")
    for name in ("late_ats", "late_rung", *INSTANTS):
        op.drop_column("sla_clocks", name)


def _index_clocks() -> None:
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in CLOCK_INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON sla_clocks {index}")
        op.execute("SET lock_timeout = '5s'")


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _create_supervision_rules() -> None:
    op.create_table(
        "supervision_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "name IN ('card_appeal_days', 'order_days', 'red_cards_for_letter', 'red_cards_within_days', 'letter_reply_days')",
            name=op.f("ck_supervision_rules_name"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_supervision_rules_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_rules")),
        sa.UniqueConstraint("name", "effective_from", name="uq_supervision_rules_from"),
    )


def _create_cards() -> None:
    op.create_table(
        "cards",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="standing", nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("explained_by", sa.BigInteger(), nullable=True),
        sa.Column("explained_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("appealed_by", sa.BigInteger(), nullable=True),
        sa.Column("appealed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.BigInteger(), nullable=True),
        sa.Column("ruled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('upheld', 'void')) = (ruled_at IS NOT NULL)", name=op.f("ck_cards_over")
        ),
        sa.CheckConstraint(
            "clock IN ('first_contact', 'accept', 'supplement', 'finish', 'assignment', 'opinion', 'revisit', 'evaluation', 'stage_report', 'ruling', 'deferral', 'suspension', 'rectification', 'review_contact')",
            name=op.f("ck_cards_clock"),
        ),
        sa.CheckConstraint("rung IN ('yellow', 'red')", name=op.f("ck_cards_rung")),
        sa.CheckConstraint(
            "state IN ('standing', 'appealed', 'upheld', 'void')", name=op.f("ck_cards_state")
        ),
        sa.CheckConstraint(
            "(grounds IS NULL) = (appealed_at IS NULL)", name=op.f("ck_cards_appealed")
        ),
        sa.CheckConstraint("(ruling IS NULL) = (ruled_at IS NULL)", name=op.f("ck_cards_ruled")),
        sa.ForeignKeyConstraint(
            ["appealed_by"], ["accounts.id"], name=op.f("fk_cards_appealed_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["explained_by"], ["accounts.id"], name=op.f("fk_cards_explained_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cards_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by"], ["accounts.id"], name=op.f("fk_cards_ruled_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_cards_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint(
            "ticket_id",
            "round",
            "clock",
            "organisation_id",
            "rung",
            "due_at",
            name="uq_cards_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_cards_issued_at", "cards", ["issued_at"])
    op.create_index("ix_cards_unit", "cards", ["organisation_id", "issued_at"])


def _create_supervision_orders() -> None:
    op.create_table(
        "supervision_orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("requirement", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_supervision_orders_closed"),
        ),
        sa.CheckConstraint(
            "clock IN ('first_contact', 'accept', 'supplement', 'finish', 'assignment', 'opinion', 'revisit', 'evaluation', 'stage_report', 'ruling', 'deferral', 'suspension', 'rectification', 'review_contact')",
            name=op.f("ck_supervision_orders_clock"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'closed') OR issued_at IS NOT NULL",
            name=op.f("ck_supervision_orders_issued_first"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'issued', 'return_asked', 'awaiting_review', 'done', 'closed')",
            name=op.f("ck_supervision_orders_state"),
        ),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (due_at IS NULL)", name=op.f("ck_supervision_orders_issued")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_supervision_orders_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["accounts.id"],
            name=op.f("fk_supervision_orders_proposed_by_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_supervision_orders_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_orders")),
        sa.UniqueConstraint(
            "ticket_id",
            "round",
            "clock",
            "organisation_id",
            "proposed_at",
            name="uq_supervision_orders_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_supervision_orders_unit", "supervision_orders", ["organisation_id", "id"])


def _create_supervision_order_events() -> None:
    op.create_table(
        "supervision_order_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "deed IN ('explain', 'appeal', 'uphold', 'void', 'propose', 'issue', 'reply', 'ask_return', 'grant_return', 'deny_return', 'accept', 'send_back', 'send', 'close')",
            name=op.f("ck_supervision_order_events_deed"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'issued', 'return_asked', 'awaiting_review', 'done', 'closed')",
            name=op.f("ck_supervision_order_events_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_supervision_order_events_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["supervision_orders.id"],
            name=op.f("fk_supervision_order_events_order_id_supervision_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_supervision_order_events_ticket_id_tickets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order_events")),
    )
    op.create_index(
        op.f("ix_supervision_order_events_order_id"), "supervision_order_events", ["order_id"]
    )
    op.create_index(
        op.f("ix_supervision_order_events_ticket_id"), "supervision_order_events", ["ticket_id"]
    )


def _create_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.CHAR(length=12), nullable=False),
        sa.Column("state", sa.Text(), server_default="suggested", nullable=False),
        sa.Column("ticket_numbers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("suggested_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("suggested_by", sa.BigInteger(), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("demand", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_by", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_letters_closed")
        ),
        sa.CheckConstraint(
            "state IN ('suggested', 'sent', 'replied', 'closed')", name=op.f("ck_letters_state")
        ),
        sa.CheckConstraint(
            "(reply IS NULL) = (replied_at IS NULL)", name=op.f("ck_letters_replied")
        ),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (number IS NULL) AND (number IS NULL) = (year IS NULL)",
            name=op.f("ck_letters_numbered"),
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name=op.f("fk_letters_area_code_areas")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["accounts.id"], name=op.f("fk_letters_closed_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_letters_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by"], ["accounts.id"], name=op.f("fk_letters_replied_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["accounts.id"], name=op.f("fk_letters_sent_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["suggested_by"], ["accounts.id"], name=op.f("fk_letters_suggested_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("year", "number", name="uq_letters_number"),
    )
    op.create_index("ix_letters_unit", "letters", ["organisation_id", "id"])


def _create_bulletin_entries() -> None:
    op.create_table(
        "bulletin_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("listed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "clock IN ('first_contact', 'accept', 'supplement', 'finish', 'assignment', 'opinion', 'revisit', 'evaluation', 'stage_report', 'ruling', 'deferral', 'suspension', 'rectification', 'review_contact')",
            name=op.f("ck_bulletin_entries_clock"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_bulletin_entries_letter_id_letters")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_bulletin_entries_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_bulletin_entries_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_entries")),
        sa.UniqueConstraint(
            "ticket_id",
            "round",
            "clock",
            "organisation_id",
            "due_at",
            name="uq_bulletin_entries_key",
        ),
    )
    op.create_index(op.f("ix_bulletin_entries_letter_id"), "bulletin_entries", ["letter_id"])
