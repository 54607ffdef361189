"""wecom: which member an account is there, and how often each was written to."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wecom_bindings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("corp_id", sa.Text(), nullable=False),
        sa.Column("userid", sa.LargeBinary(), nullable=False),
        sa.Column("userid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("bound_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_wecom_bindings_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wecom_bindings")),
    )
    op.create_index("ix_wecom_bindings_account_id", "wecom_bindings", ["account_id"])
    standing = sa.text("ended_at IS NULL")
    for name, columns in (("userid", ["corp_id", "userid_hash"]), ("account", ["account_id"])):
        op.create_index(
            f"uq_wecom_bindings_{name}",
            "wecom_bindings",
            columns,
            unique=True,
            postgresql_where=standing,
        )
    op.create_table(
        "wecom_sends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("binding_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["binding_id"],
            ["wecom_bindings.id"],
            name=op.f("fk_wecom_sends_binding_id_wecom_bindings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wecom_sends")),
    )
    op.create_index("ix_wecom_sends_at", "wecom_sends", ["at"])
    op.create_index("ix_wecom_sends_member", "wecom_sends", ["binding_id", sa.text("at DESC")])
    op.create_table(
        "wecom_send_counts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "result", name=op.f("pk_wecom_send_counts")),
    )


def downgrade() -> None:
    op.drop_table("wecom_send_counts")
    op.drop_table("wecom_sends")
    op.drop_table("wecom_bindings")
