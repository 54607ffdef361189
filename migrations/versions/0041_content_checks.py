"""content checks: what enterprises write is judged before others of them read it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True)
TABLE = "content_checks"
UNDECIDED = "state IN ('asked', 'asking', 'referred', 'waiting')"
VEILED = "state IN ('asked', 'asking', 'held_back', 'referred', 'waiting')"
STATES = "'waiting', 'asking', 'asked', 'passed', 'referred', 'released', 'held_back', 'exempt'"
CAUSES = (
    "'review', 'risky', 'outage', 'no_result', 'no_openid', 'inactive', 'refused', 'no_address',"
    " 'unreadable', 'confidential', 'appeal'"
)
CHECKS = {
    "state": f"state IN ({STATES})",
    "cause": f"cause IN ({CAUSES})",
    "leased": "(state = 'asking') = (leased_until IS NOT NULL)",
    "asked": "state <> 'asked' OR trace_id IS NOT NULL AND attachment_id IS NOT NULL",
    "referred": "state <> 'referred' OR cause IS NOT NULL",
    "ruled": "num_nulls(ruled_by, ruled_at, reason) IN (0, 3)",
    "by_people": "state NOT IN ('released', 'held_back') OR ruled_at IS NOT NULL",
    "appealed": (
        "(appeal IS NULL) = (appealed_at IS NULL) AND (appeal IS NULL OR ruled_at IS NOT NULL)"
    ),
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("patient_until", INSTANT, nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.BigInteger(), nullable=True),
        sa.Column("ruled_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("appealed_at", INSTANT, nullable=True),
        *(
            sa.CheckConstraint(told, name=op.f(f"ck_{TABLE}_{name}"))
            for name, told in CHECKS.items()
        ),
        *_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("trace_id", name=op.f(f"uq_{TABLE}_trace_id")),
    )
    op.create_index(
        "uq_content_checks_once",
        TABLE,
        ["ticket_id", "event_seq", "attachment_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for name, columns, condition in (
        ("veiled", ["ticket_id", "event_seq"], VEILED),
        ("undecided", ["id"], UNDECIDED),
        ("author", ["account_id", "id"], VEILED),
    ):
        where = sa.text(condition)
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns, postgresql_where=where)


def _keys() -> tuple[sa.ForeignKeyConstraint, ...]:
    named = (
        ("ticket_id", "tickets"),
        ("attachment_id", "attachments"),
        ("account_id", "accounts"),
        ("ruled_by", "accounts"),
    )
    own = (
        sa.ForeignKeyConstraint(
            [column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}_{table}")
        )
        for column, table in named
    )
    event = sa.ForeignKeyConstraint(
        ["ticket_id", "event_seq"],
        ["ticket_events.ticket_id", "ticket_events.seq"],
        name="fk_content_checks_event",
    )
    return (*own, event)


def downgrade() -> None:
    """What was held back is shown again: the checks are all that kept it."""
    op.drop_table(TABLE)
