"""programs: several mini-programs, and whom unionid shows to be the same person in them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_programs",
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('both', 'enterprises', 'officials')",
            name=op.f("ck_wechat_programs_audience"),
        ),
        sa.PrimaryKeyConstraint("appid", name=op.f("pk_wechat_programs")),
    )
    for table in ("wechat_bindings", "wechat_visitors"):
        op.add_column(table, sa.Column("unionid_hash", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_wechat_bindings_unionid",
        "wechat_bindings",
        ["unionid_hash"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_wechat_bindings_unionid", table_name="wechat_bindings")
    for table in ("wechat_visitors", "wechat_bindings"):
        op.drop_column(table, "unionid_hash")
    op.drop_table("wechat_programs")
