"""fallbacks: what nobody may miss goes on by short message and by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_counts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "result", name=op.f("pk_text_counts")),
    )
    op.create_table(
        "fallbacks",
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("rings_always", sa.Boolean(), nullable=False),
        sa.Column("look_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("patient_until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'texted', 'called', 'reached', 'dropped')",
            name=op.f("ck_fallbacks_state"),
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_fallbacks_notification_id_notifications"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_fallbacks_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_fallbacks")),
    )
    op.create_index("ix_fallbacks_ticket_id", "fallbacks", ["ticket_id"])
    op.create_index(
        "ix_fallbacks_waiting",
        "fallbacks",
        ["look_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "phone_tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("call_from", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_phone_tasks_closed")
        ),
        sa.CheckConstraint(
            "cause IN ('urgent', 'no-number', 'texts-off', 'text-failed', 'text-unknown')",
            name=op.f("ck_phone_tasks_cause"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'reached', 'unreached', 'wrong_number', 'dropped')",
            name=op.f("ck_phone_tasks_state"),
        ),
        sa.CheckConstraint(
            "(holder_id IS NULL) = (held_until IS NULL)", name=op.f("ck_phone_tasks_held")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_phone_tasks_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["accounts.id"], name=op.f("fk_phone_tasks_holder_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_phone_tasks_notification_id_notifications"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_phone_tasks_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_tasks")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_phone_tasks_notification_id")),
    )
    op.create_index(
        "ix_phone_tasks_open",
        "phone_tasks",
        [sa.literal_column("is_urgent DESC"), "call_from", "id"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_phone_tasks_ticket_id", "phone_tasks", ["ticket_id"])

    op.create_table(
        "text_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("send_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rings_always", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("parts", sa.SmallInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)",
            name=op.f("ck_text_messages_leased_while_sending"),
        ),
        sa.CheckConstraint(
            "form IN ('supplement', 'result', 'overdue', 'todo')",
            name=op.f("ck_text_messages_form"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_text_messages_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown') OR reason IS NOT NULL",
            name=op.f("ck_text_messages_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_text_messages_notification_id_notifications"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_text_messages_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_text_messages_notification_id")),
    )
    op.create_index(
        "ix_text_messages_due",
        "text_messages",
        ["send_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_text_messages_leased",
        "text_messages",
        ["leased_until"],
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_text_messages_ticket_id", "text_messages", ["ticket_id"])

    op.create_table(
        "phone_attempts",
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("called_by", sa.BigInteger(), nullable=False),
        sa.Column("called_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reached', 'not_reached', 'wrong_number')",
            name=op.f("ck_phone_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["called_by"], ["accounts.id"], name=op.f("fk_phone_attempts_called_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["phone_tasks.id"], name=op.f("fk_phone_attempts_task_id_phone_tasks")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_phone_attempts_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("task_id", "seq", name=op.f("pk_phone_attempts")),
    )
    op.create_index("ix_phone_attempts_ticket_id", "phone_attempts", ["ticket_id"])


def downgrade() -> None:
    for table in ("phone_attempts", "phone_tasks", "text_messages", "text_counts", "fallbacks"):
        op.drop_table(table)
