"""sealing and exports: who saw contact data in clear, and the workbooks that people ask for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_disclosures()
    _create_exports()


def downgrade() -> None:
    op.drop_table("exports")
    op.drop_table("disclosures")


def _create_disclosures() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=True),
        sa.Column("housekeeper_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(enterprise_id, housekeeper_id) = 1", name=op.f("ck_disclosures_of_one")
        ),
        sa.CheckConstraint(
            "ticket_id IS NULL OR enterprise_id IS NOT NULL", name=op.f("ck_disclosures_of_ticket")
        ),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_disclosures_of_something")),
        *_references("disclosures", account_id="accounts", organisation_id="organisations"),
        *_references("disclosures", enterprise_id="enterprises", housekeeper_id="housekeepers"),
        *_references("disclosures", ticket_id="tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    op.create_index("ix_disclosures_enterprise", "disclosures", ["enterprise_id", "id"])
    op.create_index("ix_disclosures_housekeeper", "disclosures", ["housekeeper_id", "id"])
    op.create_index("ix_disclosures_at", "disclosures", ["at"])


def _create_exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("with_personal", sa.Boolean(), nullable=False),
        sa.Column("area_prefix", sa.Text(), nullable=False),
        sa.Column("grounds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ruled_by", sa.BigInteger(), nullable=True),
        sa.Column("ruled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ruling_note", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("leased_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        *_export_checks(),
        *_references("exports", account_id="accounts", membership_id="memberships"),
        *_references("exports", organisation_id="organisations", ruled_by="accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_exports_storage_key")),
    )
    op.create_index(op.f("ix_exports_account_id"), "exports", ["account_id"])
    op.create_index("ix_exports_area", "exports", ["area_prefix", "id"])
    op.create_index(
        "ix_exports_waiting",
        "exports",
        ["id"],
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )


def _export_checks() -> list[sa.CheckConstraint]:
    checks = {
        "kind": "kind IN ('tickets', 'enterprises', 'housekeepers')",
        "state": "state IN ('awaiting', 'queued', 'running', 'done', 'refused', 'failed',"
        " 'expired')",
        "grounds": "grounds <@ ARRAY['personal', 'cross_area', 'cross_unit']",
        "ruled": "(ruled_by IS NULL) = (ruled_at IS NULL)",
        "ruled_by_another": "ruled_by <> account_id",
        "approved_first": "state IN ('awaiting', 'refused', 'expired', 'failed')"
        " OR cardinality(grounds) = 0 OR ruled_by IS NOT NULL",
        "has_file": "(state = 'done') = (storage_key IS NOT NULL)",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_exports_{name}")) for name, rule in checks.items()
    ]


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in columns.items()
    ]
