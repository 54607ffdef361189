"""revisits by ground or by lot, on three half-days; how many of them; what follows after."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CLASSES = ("consult", "urgent", "normal", "complex", "hard", "arrears", "approval")
FIGURES = (
    "revisit_rate_numerator",
    "revisit_rate_denominator",
    "revisit_rate_pending",
    "effective_revisit_rate_numerator",
    "effective_revisit_rate_denominator",
    "effective_revisit_rate_pending",
)
VISIT_CHECKS = {
    "kind": "kind IN ('after_hard', 'after_bad_review', 'yearly')",
    "state": "state IN ('planned', 'done', 'skipped', 'unreached')",
    "outcome": "outcome IN ('well', 'problem')",
    "about_a_ticket": "(kind = 'yearly') = (ticket_id IS NULL)",
    "settled": "(state = 'planned') = (done_at IS NULL)",
    "outcome_of_done": "(state = 'done') = (outcome IS NOT NULL)",
    "raised_of_problem": "raised_ticket_number IS NULL OR outcome = 'problem'",
}
VISIT_KEYS = {
    "enterprise_id": "enterprises",
    "ticket_id": "tickets",
    "housekeeper_id": "housekeepers",
    "done_by": "accounts",
}
VISIT_INDEXES = (
    ("uq_follow_up_visits_ticket", ["ticket_id", "kind"], "ticket_id IS NOT NULL", True),
    ("uq_follow_up_visits_yearly", ["enterprise_id", "planned_for"], "ticket_id IS NULL", True),
    ("ix_follow_up_visits_planned", ["planned_for", "id"], "state = 'planned'", False),
)
RULES = (
    "supplement_notices",
    "returns_before_consultation",
    "extension_days_before_due",
    "other_hands_from_round",
    "pressure_check_hours",
    "arrears_days_at_most",
    "revisit_attempts",
    "rating_change_days",
    "duplicate_days",
    "handover_signing_days",
    "card_appeal_days",
    "order_days",
    "red_cards_for_letter",
    "red_cards_within_days",
    "letter_reply_days",
)
NEW_RULES = {
    "revisit_consult_percent": 5,
    "revisit_percent": 20,
    "revisit_at_least": 5,
    "follow_up_days": 30,
    "silence_days": 365,
}
AN_INSTANT = sa.TIMESTAMP(timezone=True)

rules = sa.table("flow_rules", *map(sa.column, ("name", "amount", "effective_from")))


def upgrade() -> None:
    op.add_column("revisits", sa.Column("last_attempt_at", AN_INSTANT, nullable=True))
    _know((*RULES, *NEW_RULES))
    since = sa.cast("2020-01-01", sa.Date)
    added = [{"name": name, "amount": each} for name, each in NEW_RULES.items()]
    op.execute(rules.insert().values([row | {"effective_from": since} for row in added]))
    _make_lots()
    _make_visits()
    for figure in FIGURES:
        nothing = sa.Column(figure, sa.Integer(), server_default="0", nullable=False)
        op.add_column("closure_figures", nothing)
        op.alter_column("closure_figures", figure, server_default=None)


def downgrade() -> None:
    """What was spared stays where it stands."""
    for figure in FIGURES:
        op.drop_column("closure_figures", figure)
    op.drop_table("follow_up_visits")
    op.drop_table("revisit_lots")
    op.drop_table("revisit_strata")
    op.drop_column("revisits", "last_attempt_at")
    op.execute(rules.delete().where(rules.c.name.in_(NEW_RULES)))
    _know(RULES)


def _know(names: tuple[str, ...]) -> None:
    op.drop_constraint("ck_flow_rules_name", "flow_rules")
    listed = ", ".join(repr(name) for name in names)
    op.create_check_constraint(op.f("ck_flow_rules_name"), "flow_rules", f"name IN ({listed})")


def _make_lots() -> None:
    op.create_table(
        "revisit_strata",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("ticket_class", sa.Text(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("minimum", sa.SmallInteger(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("population", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened_at", AN_INSTANT, nullable=False),
        sa.CheckConstraint(
            f"ticket_class IN ({', '.join(map(repr, CLASSES))})",
            name=op.f("ck_revisit_strata_ticket_class"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_revisit_strata_percent")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_revisit_strata_minimum")),
        sa.CheckConstraint("length(seed) = 16", name=op.f("ck_revisit_strata_seed")),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (area <> '')", name=op.f("ck_revisit_strata_unit_or_area")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_revisit_strata_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_strata")),
        sa.UniqueConstraint(
            "month",
            "organisation_id",
            "area",
            "ticket_class",
            name="uq_revisit_strata_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "revisit_lots",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("stratum_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_revisit_lots_number")),
        sa.ForeignKeyConstraint(
            ["stratum_id"],
            ["revisit_strata.id"],
            name=op.f("fk_revisit_lots_stratum_id_revisit_strata"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_revisit_lots_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "round", name=op.f("pk_revisit_lots")),
        sa.UniqueConstraint("stratum_id", "number", name="uq_revisit_lots_number"),
    )


def _make_visits() -> None:
    op.create_table(
        "follow_up_visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("housekeeper_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("raised_ticket_number", sa.Text(), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("done_at", AN_INSTANT, nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_follow_up_visits_{name}"))
            for name, condition in VISIT_CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_follow_up_visits_{column}_{table}")
            )
            for column, table in VISIT_KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_visits")),
    )
    for column in ("enterprise_id", "housekeeper_id"):
        op.create_index(op.f(f"ix_follow_up_visits_{column}"), "follow_up_visits", [column])
    for name, columns, condition, is_unique in VISIT_INDEXES:
        where = sa.text(condition)
        op.create_index(name, "follow_up_visits", columns, unique=is_unique, postgresql_where=where)
