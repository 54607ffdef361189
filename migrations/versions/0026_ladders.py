"""ladders: when a clock reminds and who is told of its lateness is said by its policy."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CLIMBING = ("finish", "assignment")
CARDED = (
    "accept",
    "finish",
    "assignment",
    "opinion",
    "revisit",
    "stage_report",
    "ruling",
    "suspension",
    "rectification",
    "review_contact",
)
NUMBERS: dict[str, dict[int, tuple[str, ...]]] = {
    "nudge_percent": {50: CLIMBING},
    "remind_percent": {75: CARDED, 50: ("supplement", "deferral")},
    "remind_after_days": {5: ("evaluation",)},
    "yellow_percent": {90: CARDED},
    "order_days": {2: CLIMBING},
    "bulletin_days": {5: CLIMBING},
    "escalation_days": {10: CLIMBING},
}
"""What was the same for all policies until now, by the kind of the clock; the rest has no such rung.

Every clock that runs was warned by these numbers: with its policy saying so, its times stay.
"""

CHECKS = {
    "ladder_numbers": "nudge_percent BETWEEN 1 AND 99 AND remind_percent BETWEEN 1 AND 99"
    " AND yellow_percent BETWEEN 1 AND 99 AND remind_after_days > 0"
    " AND order_days > 0 AND bulletin_days > 0 AND escalation_days > 0",
    "ladder_upwards": "nudge_percent < remind_percent AND nudge_percent < yellow_percent"
    " AND remind_percent < yellow_percent AND order_days < bulletin_days"
    " AND order_days < escalation_days AND bulletin_days < escalation_days",
    "one_reminder": "num_nonnulls(remind_percent, remind_after_days) < 2",
}


def upgrade() -> None:
    for column in NUMBERS:
        op.add_column("sla_policies", sa.Column(column, sa.Integer(), nullable=True))
    for column, kinds in NUMBERS.items():
        policies = sa.table("sla_policies", sa.column("clock"), sa.column(column))
        for number, clocks in kinds.items():
            of_kind = policies.c.clock.in_(clocks)
            op.execute(policies.update().where(of_kind).values({column: number}))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_sla_policies_{name}"), "sla_policies", condition)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_sla_policies_{name}"), "sla_policies")
    for column in reversed(NUMBERS):
        op.drop_column("sla_policies", column)
