"""delays: how far a promise may be extended, by how much it was; where a suspension began."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OF_FINISH = "clock = 'finish' AND unit = 'working_days'"
EXTENSION_DAYS = {"consult": 10, "normal": 10, "hard": 10, "approval": 10}
TOTAL_DAYS = {"complex": 30}
OF_CLASS = ("ticket_class", "clock", "unit")
TO_CHECK = "(area_code, due_at, id) WHERE needs_pressure_check"
FLAGS = ("is_unreasonable", "needs_pressure_check")
CHECKS = {
    "ck_tickets_suspended": "(status = 'suspended') = (suspended_from IS NOT NULL)",
    "ck_tickets_suspended_from": "suspended_from IN ('accepted', 'coordinating', 'handling')",
}


def upgrade() -> None:
    op.add_column(
        "sla_clocks",
        sa.Column("extended_by", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.add_column("tickets", sa.Column("suspended_from", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("last_contact_at", sa.TIMESTAMP(timezone=True)))
    for name in FLAGS:
        flag = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("tickets", flag)
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE tickets ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE tickets VALIDATE CONSTRAINT {name}")
    for column in ("extension_days", "total_days"):
        op.add_column("sla_policies", sa.Column(column, sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_sla_policies_extension_days"),
        "sla_policies",
        f"extension_days > 0 AND {OF_FINISH} OR extension_days IS NULL",
    )
    op.create_check_constraint(
        op.f("ck_sla_policies_total_days"),
        "sla_policies",
        f"total_days > 0 AND {OF_FINISH} OR total_days IS NULL",
    )
    _set_caps("extension_days", EXTENSION_DAYS)
    _set_caps("total_days", TOTAL_DAYS)
    op.execute("UPDATE sla_policies SET amount = 10 WHERE clock = 'suspension' AND amount IS NULL")
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_tickets_to_check")
        op.execute(f"CREATE INDEX CONCURRENTLY ix_tickets_to_check ON tickets {TO_CHECK}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    op.drop_index("ix_tickets_to_check", "tickets")
    op.execute("UPDATE sla_policies SET amount = NULL WHERE clock = 'suspension'")
    op.drop_constraint(op.f("ck_sla_policies_total_days"), "sla_policies")
    op.drop_constraint(op.f("ck_sla_policies_extension_days"), "sla_policies")
    op.drop_column("sla_policies", "total_days")
    op.drop_column("sla_policies", "extension_days")
    for name in CHECKS:
        op.drop_constraint(name, "tickets")
    for name in (*FLAGS, "last_contact_at", "suspended_from"):
        op.drop_column("tickets", name)
    op.drop_column("sla_clocks", "extended_by")


def _set_caps(column: str, caps: dict[str, int]) -> None:
    for ticket_class, days in caps.items():
        policies = sa.table("sla_policies", *map(sa.column, (*OF_CLASS, column)))
        of_class = policies.c.ticket_class == ticket_class
        in_days = policies.c.unit == "working_days"
        op.execute(
            policies.update()
            .where(of_class, policies.c.clock == "finish", in_days)
            .values({column: days})
        )
