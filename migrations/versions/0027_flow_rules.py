"""flow rules: the numbers of a ticket's way, and the time in which arrears are handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAMES = (
    "card_appeal_days",
    "order_days",
    "red_cards_for_letter",
    "red_cards_within_days",
    "letter_reply_days",
)
NEW_AMOUNTS = {
    "supplement_notices": 2,
    "returns_before_consultation": 2,
    "extension_days_before_due": 1,
    "other_hands_from_round": 3,
    "pressure_check_hours": 24,
    "arrears_days_at_most": 90,
    "revisit_attempts": 3,
    "rating_change_days": 5,
    "duplicate_days": 30,
    "handover_signing_days": 2,
}
SINCE = "2020-01-01"
"""From this day on the numbers were constants; no ticket is older."""

OLD, NEW = "supervision_rules", "flow_rules"
NAMED = (
    "TABLE {old} RENAME TO {new}",
    "TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}",
    "TABLE {new} RENAME CONSTRAINT uq_{old}_from TO uq_{new}_from",
    "TABLE {new} RENAME CONSTRAINT ck_{old}_amount TO ck_{new}_amount",
    "TABLE {new} RENAME CONSTRAINT ck_{old}_name TO ck_{new}_name",
    "SEQUENCE {old}_id_seq RENAME TO {new}_id_seq",
)

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
    "urge",
)
NEW_CLOCKS = ("transfer",)
KNOWN_IN = {
    "sla_clocks": "kind",
    "sla_policies": "clock",
    "cards": "clock",
    "supervision_orders": "clock",
    "bulletin_entries": "clock",
}
TRANSFER = """
INSERT INTO sla_policies
    (ticket_class, clock, amount, unit, effective_from, remind_percent, yellow_percent)
VALUES ('arrears', 'transfer', 10, 'working_days', '2024-01-01', 75, 90)
"""
"""Beside the others of the class: what began before the rule was kept by a clock has it, too."""

rules = sa.table(NEW, *map(sa.column, ("name", "amount", "effective_from")))


def upgrade() -> None:
    _rename(OLD, NEW)
    _know((*NAMES, *NEW_AMOUNTS))
    since = sa.cast(SINCE, sa.Date)
    added = [{"name": name, "amount": each} for name, each in NEW_AMOUNTS.items()]
    op.execute(rules.insert().values([row | {"effective_from": since} for row in added]))
    for table, column in KNOWN_IN.items():
        _know_clocks(table, column, (*CLOCKS, *NEW_CLOCKS))
    op.execute(TRANSFER)


def downgrade() -> None:
    for table, column in KNOWN_IN.items():
        clock = sa.column(column)
        op.execute(sa.table(table, clock).delete().where(clock.in_(NEW_CLOCKS)))
        _know_clocks(table, column, CLOCKS)
    op.execute(rules.delete().where(rules.c.name.in_(NEW_AMOUNTS)))
    _know(NAMES)
    _rename(NEW, OLD)


def _rename(old: str, new: str) -> None:
    for each in NAMED:
        op.execute(f"ALTER {each.format(old=old, new=new)}")


def _know_clocks(table: str, column: str, values: tuple[str, ...]) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    name = f"ck_{table}_{column}"
    listed = ", ".join(repr(value) for value in values)
    op.drop_constraint(name, table)
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _know(names: tuple[str, ...]) -> None:
    op.drop_constraint("ck_flow_rules_name", NEW)
    listed = ", ".join(repr(name) for name in names)
    op.create_check_constraint(op.f("ck_flow_rules_name"), NEW, f"name IN ({listed})")
