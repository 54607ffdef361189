"""meetings: tasks given by them, days that are reminded of; what is tracked open is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

AN_INSTANT = sa.TIMESTAMP(timezone=True)
KINDS = (
    "return",
    "consultation",
    "joint_meeting",
    "extension",
    "suspension",
    "deferral",
    "unreasonable",
    "rectification",
    "set_aside",
    "tracking",
    "purge",
)
NEW_KINDS = ("meeting_task",)
FORGET_TASKS = """
UPDATE tickets SET open_matters = ARRAY(
    SELECT one FROM unnest(open_matters) WITH ORDINALITY AS told(one, place)
    WHERE one NOT LIKE 'meeting_task/%' ORDER BY place
) WHERE array_to_string(open_matters, ' ') LIKE '%meeting_task/%'
"""


def upgrade() -> None:
    _know((*KINDS, *NEW_KINDS))
    op.add_column("ticket_matters", sa.Column("remind_at", AN_INSTANT, nullable=True))
    op.add_column(
        "closure_figures",
        sa.Column("tracked_open", sa.Integer(), server_default="0", nullable=False),
    )
    op.alter_column("closure_figures", "tracked_open", server_default=None)
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_ticket_matters_to_remind",
            "ticket_matters",
            ["remind_at"],
            postgresql_where=sa.text("settled_at IS NULL AND remind_at IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Tasks of meetings are forgotten: nothing else knows of them."""
    op.drop_index("ix_ticket_matters_to_remind", table_name="ticket_matters")
    op.drop_column("closure_figures", "tracked_open")
    op.drop_column("ticket_matters", "remind_at")
    op.execute(FORGET_TASKS)
    op.execute("DELETE FROM ticket_matters WHERE kind = 'meeting_task'")
    _know(KINDS)


def _know(kinds: tuple[str, ...]) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.drop_constraint("ck_ticket_matters_kind", "ticket_matters")
    among = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    op.execute(
        "ALTER TABLE ticket_matters"
        f" ADD CONSTRAINT ck_ticket_matters_kind CHECK ({among}) NOT VALID"
    )
    op.execute("ALTER TABLE ticket_matters VALIDATE CONSTRAINT ck_ticket_matters_kind")
