"""areas and units: areas that ended and what became of them, duties and contacts of units."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_UNITS = (
    "closed_on",
    "deputy_leader_phone",
    "deputy_leader_name",
    "unit_head_phone",
    "unit_head_name",
    "handles_categories",
)


def upgrade() -> None:
    op.add_column("areas", sa.Column("ended_on", sa.Date(), nullable=True))
    for column in (
        sa.Column(
            "handles_categories", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("unit_head_name", sa.Text(), nullable=True),
        sa.Column("unit_head_phone", sa.LargeBinary(), nullable=True),
        sa.Column("deputy_leader_name", sa.Text(), nullable=True),
        sa.Column("deputy_leader_phone", sa.LargeBinary(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
    ):
        op.add_column("organisations", column)
    op.create_table(
        "area_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_code", sa.CHAR(12), nullable=True),
        sa.Column("new_code", sa.CHAR(12), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "applied_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('rename', 'merge', 'split', 'new', 'end')",
            name=op.f("ck_area_changes_kind"),
        ),
        sa.CheckConstraint(
            "(old_code IS NULL) = (kind = 'new') AND (new_code IS NULL) = (kind = 'end')",
            name=op.f("ck_area_changes_codes"),
        ),
        sa.ForeignKeyConstraint(
            ["new_code"], ["areas.code"], name=op.f("fk_area_changes_new_code_areas")
        ),
        sa.ForeignKeyConstraint(
            ["old_code"], ["areas.code"], name=op.f("fk_area_changes_old_code_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_changes")),
        sa.UniqueConstraint(
            "kind",
            "old_code",
            "new_code",
            "effective_on",
            name="uq_area_changes_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_area_changes_old_code"), "area_changes", ["old_code"])
    op.create_index(op.f("ix_area_changes_new_code"), "area_changes", ["new_code"])
    op.create_table(
        "recoded_tickets",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["area_changes.id"],
            name=op.f("fk_recoded_tickets_change_id_area_changes"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_recoded_tickets_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "change_id", name=op.f("pk_recoded_tickets")),
    )


def downgrade() -> None:
    op.drop_table("recoded_tickets")
    op.drop_table("area_changes")
    for name in OF_UNITS:
        op.drop_column("organisations", name)
    op.drop_column("areas", "ended_on")
