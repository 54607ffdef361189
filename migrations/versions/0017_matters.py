"""matters: what is opened beside the straight way of a ticket, and the clocks that it takes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CLOCKS = (
    "first_contact",
    "accept",
    "supplement",
    "finish",
    "assignment",
    "opinion",
    "revisit",
    "evaluation",
)
NEW_CLOCKS = (
    "stage_report",
    "ruling",
    "deferral",
    "suspension",
    "rectification",
    "review_contact",
)
KINDS = (
    "return",
    "consultation",
    "joint_meeting",
    "extension",
    "suspension",
    "deferral",
    "unreasonable",
    "rectification",
)
CLOCKED = (("sla_clocks", "kind"), ("sla_policies", "clock"))
OUTCOMES = ("granted", "rejected", "done", "lapsed")
AT_THE_END = "status NOT IN ('archived', 'refused', 'withdrawn', 'merged') OR open_matters = '{}'"


def upgrade() -> None:
    _know_clocks((*CLOCKS, *NEW_CLOCKS))
    op.add_column(
        "tickets",
        sa.Column("open_matters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    _check("tickets", "nothing_open_at_the_end", AT_THE_END)
    _create_matters()


def downgrade() -> None:
    op.drop_table("ticket_matters")
    op.drop_column("tickets", "open_matters")
    for table, column in CLOCKED:
        known = sa.column(column).in_(CLOCKS)
        op.execute(sa.table(table, sa.column(column)).delete().where(sa.not_(known)))
    _know_clocks(CLOCKS)


def _know_clocks(clocks: tuple[str, ...]) -> None:
    for table, column in CLOCKED:
        op.drop_constraint(f"ck_{table}_{column}", table)
        _check(table, column, _one_of(column, clocks))


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _create_matters() -> None:
    op.create_table(
        "ticket_matters",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("consented_by", sa.BigInteger(), nullable=True),
        sa.Column("consented_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(_one_of("kind", KINDS), name=op.f("ck_ticket_matters_kind")),
        sa.CheckConstraint(_one_of("outcome", OUTCOMES), name=op.f("ck_ticket_matters_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_ticket_matters_settled")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_ticket_matters_{column}_{table}")
            )
            for column, table in (
                ("ticket_id", "tickets"),
                ("organisation_id", "organisations"),
                ("opened_by", "accounts"),
                ("consented_by", "accounts"),
                ("settled_by", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_matters")),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_ticket_matters_seq"),
    )
    is_open = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_ticket_matters_one_open",
        "ticket_matters",
        ["ticket_id", "kind", "organisation_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_ticket_matters_open",
        "ticket_matters",
        ["kind", "opened_at"],
        postgresql_where=is_open,
    )
