"""accounts and roles: who granted and who ended a membership, and for whom a deputy stands."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEX = "ix_memberships_delegator_id"


def upgrade() -> None:
    op.add_column(
        "accounts",
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for name in ("grant_reason", "end_reason"):
        op.add_column("memberships", sa.Column(name, sa.Text()))
    for name, table in (
        ("granted_by", "accounts"),
        ("ended_by", "accounts"),
        ("delegator_id", "memberships"),
    ):
        op.add_column("memberships", sa.Column(name, sa.BigInteger()))
        op.create_foreign_key(
            f"fk_memberships_{name}_{table}", "memberships", table, [name], ["id"]
        )
    op.create_check_constraint(
        op.f("ck_memberships_delegated"),
        "memberships",
        "delegator_id IS NULL OR role = 'deputy_housekeeper' AND valid_until IS NOT NULL",
    )
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(
            f"CREATE INDEX CONCURRENTLY {INDEX} ON memberships (delegator_id)"
            " WHERE delegator_id IS NOT NULL"
        )


def downgrade() -> None:
    op.drop_index(INDEX, "memberships")
    op.drop_constraint("ck_memberships_delegated", "memberships")
    for name in ("delegator_id", "ended_by", "granted_by", "end_reason", "grant_reason"):
        op.drop_column("memberships", name)
    op.drop_column("accounts", "must_change_password")
