"""digests: what an official's phone is spared is merged; the numbers of it are flow rules."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

RULES = (
    "supplement_notices",
    "returns_before_consultation",
    "extension_days_before_due",
    "other_hands_from_round",
    "pressure_check_hours",
    "arrears_days_at_most",
    "revisit_attempts",
    "revisit_consult_percent",
    "revisit_percent",
    "revisit_at_least",
    "follow_up_days",
    "silence_days",
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
    "pushes_a_day": 6,
    "digests_a_day": 2,
    "silent_pairing_days": 180,
    "deputy_after_hours": 2,
    "coordinator_after_hours": 4,
}
TEMPLATES = (
    "受理通知",
    "不予受理",
    "补正通知",
    "新诉求待办",
    "即将到期",
    "已超期",
    "办理反馈",
    "评价邀请",
)
STATES = ("pending", "sending", "sent", "failed", "unknown")

rules = sa.table("flow_rules", *map(sa.column, ("name", "amount", "effective_from")))


def upgrade() -> None:
    _allow("flow_rules", "name", (*RULES, *NEW_RULES))
    _allow("deliveries", "template", (*TEMPLATES, "待办汇总"))
    _allow("wechat_templates", "template", (*TEMPLATES, "待办汇总"))
    _allow("deliveries", "state", (*STATES, "merged"))
    _allow("text_messages", "state", (*STATES, "merged"))
    since = sa.cast("2020-01-01", sa.Date)
    added = [{"name": name, "amount": each} for name, each in NEW_RULES.items()]
    op.execute(rules.insert().values([row | {"effective_from": since} for row in added]))
    op.add_column("deliveries", sa.Column("hold", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("rung_on", sa.Date(), nullable=True))
    _check("deliveries", "hold", "hold IN ('held', 'released')")
    _check("deliveries", "merged_into_one", "state <> 'merged' OR merged_into IS NOT NULL")
    with op.get_context().autocommit_block():
        _index("ix_deliveries_rung", ["binding_id", "rung_on"], "rung_on IS NOT NULL")
        _index("ix_deliveries_merged", ["merged_into"], "merged_into IS NOT NULL")


def downgrade() -> None:
    """What was merged goes: its message stays in the inbox."""
    op.execute("DELETE FROM deliveries WHERE state = 'merged' OR template = '待办汇总'")
    op.execute("DELETE FROM notifications WHERE kind IN ('digest', 'silent_pairings')")
    op.execute("DELETE FROM wechat_templates WHERE template = '待办汇总'")
    for column in ("hold", "merged_into", "rung_on"):
        op.drop_column("deliveries", column)
    op.execute(rules.delete().where(rules.c.name.in_(NEW_RULES)))
    _allow("text_messages", "state", STATES)
    _allow("deliveries", "state", STATES)
    _allow("wechat_templates", "template", TEMPLATES)
    _allow("deliveries", "template", TEMPLATES)
    _allow("flow_rules", "name", RULES)


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(f"ck_{table}_{column}", table)
    _check(table, column, f"{column} IN ({', '.join(map(repr, values))})")


def _check(table: str, name: str, condition: str) -> None:
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        "deliveries",
        columns,
        postgresql_where=sa.text(where),
        postgresql_concurrently=True,
        if_not_exists=True,
    )
