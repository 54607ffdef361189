"""of each program: templates and circuits belong to a mini-program."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KEYS = (("wechat_templates", "template"), ("wechat_circuits", "name"))

# So far there was one: to which most people are bound, else whose token is kept. Where nobody was
# ever bound nothing was sent, and both are found out again.
OF_THE_ONE = """
    CREATE TEMPORARY TABLE the_one ON COMMIT DROP AS SELECT appid FROM (
        SELECT appid, 0 AS rank, count(*) AS people FROM wechat_bindings
        WHERE ended_at IS NULL GROUP BY appid
        UNION ALL SELECT appid, 1, 0 FROM wechat_tokens
    ) known ORDER BY rank, people DESC, appid LIMIT 1
"""
NOW_ITS = (
    "UPDATE wechat_templates SET appid = (SELECT appid FROM the_one)",
    "UPDATE wechat_circuits SET appid = (SELECT appid FROM the_one)",
    "DELETE FROM wechat_templates WHERE appid IS NULL",
    "DELETE FROM wechat_circuits WHERE appid IS NULL",
)
ONLY_ITS = (
    "DELETE FROM wechat_templates WHERE appid NOT IN (SELECT appid FROM the_one)",
    "DELETE FROM wechat_circuits WHERE appid NOT IN (SELECT appid FROM the_one)",
)


def upgrade() -> None:
    for table, _ in KEYS:
        op.add_column(table, sa.Column("appid", sa.Text(), nullable=True))
    for statement in (OF_THE_ONE, *NOW_ITS, "DROP TABLE the_one"):
        op.execute(statement)
    for table, name in KEYS:
        op.alter_column(table, "appid", existing_type=sa.Text(), nullable=False)
        op.drop_constraint(f"pk_{table}", table)
        op.create_primary_key(op.f(f"pk_{table}"), table, ["appid", name])
    op.drop_constraint("uq_wechat_templates_template_id", "wechat_templates")
    op.create_unique_constraint(
        op.f("uq_wechat_templates_appid_template_id"), "wechat_templates", ["appid", "template_id"]
    )


def downgrade() -> None:
    """What belongs to any other mini-program is found out again."""
    for statement in (OF_THE_ONE, *ONLY_ITS, "DROP TABLE the_one"):
        op.execute(statement)
    op.drop_constraint("uq_wechat_templates_appid_template_id", "wechat_templates")
    for table, name in KEYS:
        op.drop_constraint(f"pk_{table}", table)
        op.drop_column(table, "appid")
        op.create_primary_key(op.f(f"pk_{table}"), table, [name])
    op.create_unique_constraint(
        op.f("uq_wechat_templates_template_id"), "wechat_templates", ["template_id"]
    )
