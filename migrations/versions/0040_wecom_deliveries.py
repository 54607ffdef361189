"""wecom deliveries: a message goes to a phone by WeCom or by the mini-program, one at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ONE_WAY = "num_nonnulls(binding_id, wecom_binding_id) = 1"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("wecom_binding_id", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("doubtful_since", sa.TIMESTAMP(timezone=True)))
    op.add_column("deliveries", sa.Column("left_wecom", sa.Text(), nullable=True))
    op.alter_column("deliveries", "binding_id", nullable=True)
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT fk_deliveries_wecom_binding_id_wecom_bindings"
        " FOREIGN KEY (wecom_binding_id) REFERENCES wecom_bindings (id) NOT VALID"
    )
    op.execute(
        f"ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_one_way CHECK ({ONE_WAY}) NOT VALID"
    )
    for name in ("fk_deliveries_wecom_binding_id_wecom_bindings", "ck_deliveries_one_way"):
        op.execute(f"ALTER TABLE deliveries VALIDATE CONSTRAINT {name}")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_deliveries_wecom_due",
            "deliveries",
            ["send_at"],
            postgresql_where=sa.text("state = 'pending' AND wecom_binding_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_deliveries_wecom_rung",
            "deliveries",
            ["wecom_binding_id", "rung_on"],
            postgresql_where=sa.text("rung_on IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """What was going to WeCom is in the inbox, and goes nowhere else."""
    op.execute("DELETE FROM deliveries WHERE binding_id IS NULL")
    op.drop_index("ix_deliveries_wecom_rung", "deliveries")
    op.drop_index("ix_deliveries_wecom_due", "deliveries")
    op.drop_constraint("ck_deliveries_one_way", "deliveries")
    op.alter_column("deliveries", "binding_id", nullable=False)
    for column in ("left_wecom", "doubtful_since", "wecom_binding_id"):
        op.drop_column("deliveries", column)
