"""closure figures: what the closure report sums, and how to find what changed since."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIGURES = (
    "submitted",
    "acceptance_rate_numerator",
    "acceptance_rate_denominator",
    "acceptance_rate_pending",
    "pending",
    "overdue_open",
    "timely_acceptance_rate_numerator",
    "timely_acceptance_rate_denominator",
    "timely_acceptance_rate_pending",
    "accepted",
    "completion_rate_numerator",
    "completion_rate_denominator",
    "completion_rate_pending",
    "refused",
    "withdrawn",
    "completed",
    "timely_completion_rate_numerator",
    "timely_completion_rate_denominator",
    "timely_completion_rate_pending",
    "timely_assignment_rate_numerator",
    "timely_assignment_rate_denominator",
    "timely_assignment_rate_pending",
    "archived",
    "first_round_rate_numerator",
    "first_round_rate_denominator",
    "resolution_rate_numerator",
    "resolution_rate_denominator",
    "reached_rate_numerator",
    "reached_rate_denominator",
    "satisfaction_rate_numerator",
    "satisfaction_rate_denominator",
    "rating_rate_numerator",
    "rating_rate_denominator",
    "rating_rate_pending",
)
INDEX = "ix_ticket_events_recorded_at"


def upgrade() -> None:
    op.create_table(
        "closure_figures",
        *(
            sa.Column(name, sa.Text(collation="C"), nullable=False)
            for name in ("span", "scope", "grouping", "key")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES),
        sa.CheckConstraint(
            "grouping IN ('area', 'category', 'organisation')",
            name=op.f("ck_closure_figures_grouping"),
        ),
        sa.CheckConstraint("length(scope) IN (0, 2, 4, 6)", name=op.f("ck_closure_figures_scope")),
        sa.CheckConstraint("length(span) IN (7, 9, 10)", name=op.f("ck_closure_figures_span")),
        sa.PrimaryKeyConstraint(
            "span", "scope", "grouping", "key", name=op.f("pk_closure_figures")
        ),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "closure_count",
        sa.Column("id", sa.Integer(), server_default="1", autoincrement=False, nullable=False),
        sa.Column("told_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seen_until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("definitions", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_closure_count_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_count")),
    )
    op.create_table(
        "counted_tickets",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_counted_tickets")),
    )
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON ticket_events (recorded_at)")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    op.drop_index(INDEX, "ticket_events")
    for table in ("counted_tickets", "closure_count", "closure_figures"):
        op.drop_table(table)
