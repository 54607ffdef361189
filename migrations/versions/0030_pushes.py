"""pushes: what WeChat tells is kept and worked later; what people write to it becomes a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True)
ENTRIES = "wechat_quota_entries"


def upgrade() -> None:
    _pushes()
    _drafts()
    op.add_column(ENTRIES, sa.Column("told_by", sa.Text(), nullable=True))
    # Whatever was counted so far, the client had reported it.
    entries = sa.table(ENTRIES, sa.column("told_by"), sa.column("reason"))
    op.execute(entries.update().where(entries.c.reason == "accepted").values(told_by="client"))
    _check(ENTRIES, "told_by", "told_by IN ('client', 'platform', 'both')")
    _check(ENTRIES, "told", "(reason = 'accepted') = (told_by IS NOT NULL)")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_wechat_quota_entries_told_once",
            ENTRIES,
            ["binding_id", "template_id", "at"],
            postgresql_where=sa.text("told_by IN ('client', 'platform')"),
            postgresql_concurrently=True,
        )


def _pushes() -> None:
    op.create_table(
        "wechat_pushes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("worked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_wechat_pushes_state")
        ),
        sa.CheckConstraint(
            "result IN ('told', 'nobody', 'unused', 'drafted', 'queued')",
            name=op.f("ck_wechat_pushes_result"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (result IS NOT NULL)",
            name=op.f("ck_wechat_pushes_done_with_result"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (worked_at IS NULL)", name=op.f("ck_wechat_pushes_worked")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_pushes")),
        sa.UniqueConstraint("identity", name=op.f("uq_wechat_pushes_identity")),
    )
    for state in ("waiting", "failed"):
        op.create_index(
            f"ix_wechat_pushes_{state}",
            "wechat_pushes",
            ["id"],
            postgresql_where=sa.text(f"state = '{state}'"),
        )


def _drafts() -> None:
    op.create_table(
        "ticket_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("messages", sa.SmallInteger(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("ticket_number", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'submitted', 'closed')", name=op.f("ck_ticket_drafts_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_ticket_drafts_settled")
        ),
        sa.CheckConstraint(
            "(settled_by IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_ticket_drafts_settled_by_whom"),
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (ticket_number IS NOT NULL AND account_id IS NOT NULL)",
            name=op.f("ck_ticket_drafts_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_ticket_drafts_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["accounts.id"], name=op.f("fk_ticket_drafts_settled_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_drafts")),
    )
    op.create_index("ix_ticket_drafts_account", "ticket_drafts", ["account_id", "id"])
    op.create_index(
        "ix_ticket_drafts_open",
        "ticket_drafts",
        ["appid", "openid_hash"],
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    """Each consent stays counted, whoever told of it."""
    op.drop_index("ix_wechat_quota_entries_told_once", table_name=ENTRIES)
    for name in ("told", "told_by"):
        op.drop_constraint(f"ck_{ENTRIES}_{name}", ENTRIES)
    op.drop_column(ENTRIES, "told_by")
    op.drop_table("ticket_drafts")
    op.drop_table("wechat_pushes")


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
