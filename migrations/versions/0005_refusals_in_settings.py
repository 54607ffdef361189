"""refusals in WeChat's settings: the platform's own word, told without any delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENTRIES = "wechat_quota_entries"
RULE = "ck_wechat_quota_entries_spent_by_deliveries"
BY_DELIVERIES = "(reason = 'accepted') = (delivery_id IS NULL)"


def upgrade() -> None:
    op.add_column(
        "wechat_quotas",
        sa.Column("is_refused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.drop_constraint(op.f(RULE), ENTRIES)
    op.create_check_constraint(op.f(RULE), ENTRIES, f"reason = 'refused' OR {BY_DELIVERIES}")


def downgrade() -> None:
    op.drop_constraint(op.f(RULE), ENTRIES)
    # What was entered stays, or the entries would no longer add up.
    kept = {"postgresql_not_valid": True}
    op.create_check_constraint(op.f(RULE), ENTRIES, BY_DELIVERIES, **kept)
    op.drop_column("wechat_quotas", "is_refused")
