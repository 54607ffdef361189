"""search: words of names and tickets, and the indexes of the terms that rows are found by.

Rows that exist get their words from `flask prepare`, batch by batch.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMED = ("enterprises", "housekeepers")
LEVELS = (2, 4, 6, 9, 12)


def upgrade() -> None:
    for table in NAMED:
        words = sa.Column(
            "name_words", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        )
        op.add_column(table, words)
        # Words that are not there yet are NULL here, which passes.
        op.create_check_constraint(
            op.f(f"ck_{table}_words_of_name"),
            table,
            "name_words[1] = name",
            postgresql_not_valid=True,
        )
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_code", sa.CHAR(12), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_code"], ["areas.code"], name="fk_ticket_words_area_code_areas"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name="fk_ticket_words_ticket_id_tickets",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_words"),
    )
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for table, terms in _terms().items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_terms")
            op.execute(f"CREATE INDEX CONCURRENTLY ix_{table}_terms ON {table} USING gin ({terms})")
            # A word rarer than all that the database counts is looked up in the index, a frequent
            # one in the order of the list: it takes many counted words to tell.
            op.execute(f"ALTER INDEX ix_{table}_terms ALTER COLUMN 1 SET STATISTICS 300")
        op.execute("SET lock_timeout = '5s'")
    for table in NAMED:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_words_of_name")


def downgrade() -> None:
    op.drop_table("ticket_words")
    for table in NAMED:
        op.drop_index(f"ix_{table}_terms", table)
        op.drop_constraint(op.f(f"ck_{table}_words_of_name"), table)
        op.drop_column(table, "name_words")


def _terms() -> dict[str, str]:
    phones = (
        _printed("t", "contact_phone_tail_hash"),
        *_areas("coalesce(managing_area_code, area_code)"),
    )
    return {
        "enterprises": _array(
            *("name_words[2:]", "lower(uscc::text)", _printed("n", "contact_name_hash")),
            *(_printed("n", "legal_person_hash"), *phones),
        ),
        "housekeepers": _array(
            *("name_words[2:]", _printed("t", "phone_tail_hash")),
            *_areas("area_code"),
        ),
        "ticket_words": _array("words", *_areas("area_code")),
    }


def _array(words: str, *marks: str) -> str:
    return f"({words} || ARRAY[{', '.join(marks)}])"


def _printed(kind: str, column: str) -> str:
    return f"'{kind}:' || encode(substring({column}, 1, 8), 'hex')"


def _areas(code: str) -> list[str]:
    return [f"'a:' || left({code}, {length})" for length in LEVELS]
