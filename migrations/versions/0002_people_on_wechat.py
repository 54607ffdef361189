"""people on WeChat: phones of staff, bindings, visitors, the shared token."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("phone", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("phone_hash", sa.LargeBinary(), nullable=True))
    op.alter_column("accounts", "password_hash", existing_type=sa.Text(), nullable=True)
    # A handful of staff: the lock is over at once.
    op.create_unique_constraint(op.f("uq_accounts_phone_hash"), "accounts", ["phone_hash"])
    op.add_column("memberships", sa.Column("phone_hash", sa.LargeBinary(), nullable=True))
    op.create_table(
        "wechat_bindings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid", sa.LargeBinary(), nullable=False),
        sa.Column("openid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("bound_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("busy_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_wechat_bindings_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_bindings")),
    )
    op.create_index(
        "uq_wechat_bindings_account",
        "wechat_bindings",
        ["account_id", "appid"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_wechat_bindings_openid", "wechat_bindings", ["appid", "openid_hash"], unique=False
    )
    op.create_index(
        "uq_wechat_bindings_openid",
        "wechat_bindings",
        ["appid", "openid_hash"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wechat_visitors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid", sa.LargeBinary(), nullable=False),
        sa.Column("openid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_visitors")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_wechat_visitors_token_hash")),
    )
    op.create_index(
        "ix_wechat_visitors_expires_at", "wechat_visitors", ["expires_at"], unique=False
    )
    op.create_table(
        "wechat_tokens",
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("appid", name=op.f("pk_wechat_tokens")),
    )
    op.add_column("login_sessions", sa.Column("binding_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_login_sessions_binding_id_wechat_bindings"),
        "login_sessions",
        "wechat_bindings",
        ["binding_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_column("login_sessions", "binding_id")
    op.drop_table("wechat_tokens")
    op.drop_table("wechat_visitors")
    op.drop_table("wechat_bindings")
    op.drop_column("memberships", "phone_hash")
    # Who has no password cannot come back by one: that account is of no use to the older version.
    op.execute(
        "UPDATE accounts SET is_enabled = false, password_hash = '' WHERE password_hash IS NULL"
    )
    op.alter_column("accounts", "password_hash", existing_type=sa.Text(), nullable=False)
    op.drop_constraint(op.f("uq_accounts_phone_hash"), "accounts", type_="unique")
    op.drop_column("accounts", "phone_hash")
    op.drop_column("accounts", "phone")
