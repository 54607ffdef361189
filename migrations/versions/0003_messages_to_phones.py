"""messages to phones: templates, consents, deliveries, and who works on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notifications", sa.Column("membership_id", sa.BigInteger(), nullable=True))
    op.add_column("notifications", sa.Column("template", sa.Text(), nullable=True))
    op.add_column("notifications", sa.Column("fields", postgresql.JSONB(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notifications_membership_id_memberships"),
        "notifications",
        "memberships",
        ["membership_id"],
        ["id"],
        postgresql_not_valid=True,
    )
    op.execute(
        "ALTER TABLE notifications VALIDATE CONSTRAINT fk_notifications_membership_id_memberships"
    )
    op.create_table(
        "wechat_templates",
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=True),
        sa.Column("is_long_term", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "field_keys",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("synced_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'usable' OR template_id IS NOT NULL",
            name=op.f("ck_wechat_templates_usable_has_id"),
        ),
        sa.CheckConstraint(
            "state IN ('usable', 'missing', 'mismatched', 'stopped')",
            name=op.f("ck_wechat_templates_state"),
        ),
        sa.CheckConstraint(
            "template IN ('受理通知', '不予受理', '补正通知', '新诉求待办', '即将到期', '已超期', '办理反馈', '评价邀请')",
            name=op.f("ck_wechat_templates_template"),
        ),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_wechat_templates")),
        sa.UniqueConstraint("template_id", name=op.f("uq_wechat_templates_template_id")),
    )
    op.create_table(
        "wechat_quotas",
        sa.Column("binding_id", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("remaining", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_standing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('accept', 'reject', 'ban', 'filter')", name=op.f("ck_wechat_quotas_answer")
        ),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_wechat_quotas_not_overdrawn")),
        sa.ForeignKeyConstraint(
            ["binding_id"],
            ["wechat_bindings.id"],
            name=op.f("fk_wechat_quotas_binding_id_wechat_bindings"),
        ),
        sa.PrimaryKeyConstraint("binding_id", "template_id", name=op.f("pk_wechat_quotas")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("binding_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("send_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rings_always", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("leased_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("template_id", sa.Text(), nullable=True),
        sa.Column("is_reserved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)",
            name=op.f("ck_deliveries_leased_while_sending"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown') OR reason IS NOT NULL",
            name=op.f("ck_deliveries_says_why"),
        ),
        sa.CheckConstraint(
            "template IN ('受理通知', '不予受理', '补正通知', '新诉求待办', '即将到期', '已超期', '办理反馈', '评价邀请')",
            name=op.f("ck_deliveries_template"),
        ),
        sa.ForeignKeyConstraint(
            ["binding_id"],
            ["wechat_bindings.id"],
            name=op.f("fk_deliveries_binding_id_wechat_bindings"),
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_deliveries_notification_id_notifications"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_deliveries_notification_id")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["send_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_expiring",
        "deliveries",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_of_person",
        "deliveries",
        ["binding_id", sa.literal_column("rank DESC"), "send_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_told", "deliveries", ["binding_id", "template_id", "sent_at"], unique=False
    )
    op.create_index(
        "ix_deliveries_unsettled",
        "deliveries",
        ["state", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('failed', 'unknown')"),
    )
    op.create_index(
        "uq_deliveries_one_at_a_time",
        "deliveries",
        ["binding_id"],
        unique=True,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "wechat_quota_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("binding_id", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_id", sa.Text(), nullable=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reason = 'accepted') = (delivery_id IS NULL)",
            name=op.f("ck_wechat_quota_entries_spent_by_deliveries"),
        ),
        sa.CheckConstraint(
            "change <> 0 AND (change > 0) = (reason IN ('accepted', 'returned'))",
            name=op.f("ck_wechat_quota_entries_change_by_reason"),
        ),
        sa.CheckConstraint(
            "reason IN ('accepted', 'reserved', 'returned', 'refused')",
            name=op.f("ck_wechat_quota_entries_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["binding_id"],
            ["wechat_bindings.id"],
            name=op.f("fk_wechat_quota_entries_binding_id_wechat_bindings"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_wechat_quota_entries_delivery_id_deliveries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_quota_entries")),
    )
    op.create_index(
        "uq_wechat_quota_entries_asked",
        "wechat_quota_entries",
        ["binding_id", "template_id", "asked_id"],
        unique=True,
        postgresql_where=sa.text("asked_id IS NOT NULL"),
    )
    op.create_index(
        "ix_wechat_quota_entries_of_delivery",
        "wechat_quota_entries",
        ["delivery_id"],
        unique=False,
        postgresql_where=sa.text("delivery_id IS NOT NULL"),
    )
    op.create_index(
        "ix_wechat_quota_entries_of",
        "wechat_quota_entries",
        ["binding_id", "template_id"],
        unique=False,
    )
    op.create_table(
        "wechat_circuits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("open_until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_wechat_circuits")),
    )
    op.create_table(
        "wechat_send_counts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "result", name=op.f("pk_wechat_send_counts")),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )


def downgrade() -> None:
    op.drop_table("workers")
    op.drop_table("wechat_send_counts")
    op.drop_table("wechat_circuits")
    op.drop_table("wechat_quota_entries")
    op.drop_table("deliveries")
    op.drop_table("wechat_quotas")
    op.drop_table("wechat_templates")
    op.drop_constraint(
        op.f("fk_notifications_membership_id_memberships"), "notifications", type_="foreignkey"
    )
    op.drop_column("notifications", "fields")
    op.drop_column("notifications", "template")
    op.drop_column("notifications", "membership_id")
