"""forecasts: phone tasks that are made ahead of what falls due, without a message."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CAUSES = ("urgent", "no-number", "texts-off", "text-failed", "text-unknown")
MATTERS = (
    *("first_contact", "accept", "finish", "stage_report", "assignment", "opinion"),
    *("supplement", "deferral", "evaluation", "joint_meeting", "visit"),
)
ABOUT_ONE = (
    "num_nulls(membership_id, kind, matter, due_at) IN (0, 4)"
    " AND (notification_id IS NULL) = (matter IS NOT NULL)"
)


def upgrade() -> None:
    op.alter_column("phone_tasks", "notification_id", nullable=True)
    op.add_column("phone_tasks", sa.Column("membership_id", sa.BigInteger))
    op.add_column("phone_tasks", sa.Column("kind", sa.Text))
    op.add_column("phone_tasks", sa.Column("matter", sa.Text))
    op.add_column("phone_tasks", sa.Column("due_at", sa.TIMESTAMP(timezone=True)))
    op.execute(
        "ALTER TABLE phone_tasks ADD CONSTRAINT fk_phone_tasks_membership_id_memberships"
        " FOREIGN KEY (membership_id) REFERENCES memberships (id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE phone_tasks VALIDATE CONSTRAINT fk_phone_tasks_membership_id_memberships"
    )
    op.drop_constraint("ck_phone_tasks_cause", "phone_tasks")
    _check("cause", _among("cause", (*CAUSES, "unreachable")))
    _check("matter", _among("matter", MATTERS))
    _check("told_or_forecast", ABOUT_ONE)
    # Of no row that is there yet, so that it is made in no time.
    op.create_index(
        "uq_phone_tasks_forecast",
        "phone_tasks",
        ["ticket_id", "account_id", "matter", "due_at"],
        unique=True,
        postgresql_where=sa.text("notification_id IS NULL"),
    )


def downgrade() -> None:
    """What was forecast goes, with the calls that were made."""
    op.drop_index("uq_phone_tasks_forecast", "phone_tasks")
    op.drop_constraint("ck_phone_tasks_told_or_forecast", "phone_tasks")
    op.execute(
        "DELETE FROM phone_attempts USING phone_tasks t"
        " WHERE t.id = phone_attempts.task_id AND t.notification_id IS NULL"
    )
    op.execute("DELETE FROM phone_tasks WHERE notification_id IS NULL")
    for name in ("due_at", "matter", "kind", "membership_id"):
        op.drop_column("phone_tasks", name)
    op.alter_column("phone_tasks", "notification_id", nullable=False)
    op.drop_constraint("ck_phone_tasks_cause", "phone_tasks")
    _check("cause", _among("cause", CAUSES))


def _among(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def _check(name: str, condition: str) -> None:
    known = f"ck_phone_tasks_{name}"
    op.execute(f"ALTER TABLE phone_tasks ADD CONSTRAINT {known} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE phone_tasks VALIDATE CONSTRAINT {known}")
