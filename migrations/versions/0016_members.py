"""members: invitations into an enterprise, requests to join one, and its wish about visits."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True)
ROLES = "role IN ('enterprise_admin', 'enterprise_staff')"


def upgrade() -> None:
    op.add_column(
        "enterprises",
        sa.Column("visit_preference", sa.Text(), server_default="any", nullable=False),
    )
    op.add_column("enterprises", sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_enterprises_visit_preference"),
        "enterprises",
        "visit_preference IN ('any', 'only_when_asked')",
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("accepted_by", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_invitations_role")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)"
            " AND (accepted_at IS NULL OR revoked_at IS NULL)",
            name=op.f("ck_invitations_used_once"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["accounts.id"], name=op.f("fk_invitations_accepted_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_invitations_enterprise_id_enterprises"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["accounts.id"], name=op.f("fk_invitations_invited_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
    )
    op.create_index(op.f("ix_invitations_enterprise_id"), "invitations", ["enterprise_id"])
    op.create_table(
        "membership_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'refused')",
            name=op.f("ck_membership_requests_state"),
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_membership_requests_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_membership_requests_decided_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_membership_requests_enterprise_id_enterprises"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_requests")),
    )
    op.create_index(
        op.f("ix_membership_requests_enterprise_id"), "membership_requests", ["enterprise_id"]
    )
    op.create_index(
        "uq_membership_requests_pending",
        "membership_requests",
        ["enterprise_id", "phone_hash"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("membership_requests")
    op.drop_table("invitations")
    op.drop_constraint(op.f("ck_enterprises_visit_preference"), "enterprises")
    op.drop_column("enterprises", "closed_on")
    op.drop_column("enterprises", "visit_preference")
