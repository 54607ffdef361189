"""links: addresses of the mini-program, and short messages with one."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FORMS = ("supplement", "result", "overdue", "todo")


def upgrade() -> None:
    op.create_table(
        "program_links",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("link", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('url_link', 'scheme')", name="ck_program_links_form"),
        sa.PrimaryKeyConstraint("id", name="pk_program_links"),
        sa.UniqueConstraint("digest", name="uq_program_links_digest"),
    )
    op.create_index("ix_program_links_expires_at", "program_links", ["expires_at"])
    op.add_column(
        "text_messages",
        sa.Column("has_link", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _allow("text_messages", "form", (*FORMS, "rating"))


def downgrade() -> None:
    """A text with a link stays, as one of the results."""
    op.execute("UPDATE text_messages SET form = 'result' WHERE form = 'rating'")
    _allow("text_messages", "form", FORMS)
    op.drop_column("text_messages", "has_link")
    op.drop_table("program_links")


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    """Replace the check of the column, without reading the table under its lock."""
    name = f"ck_{table}_{column}"
    listed = ", ".join(f"'{value}'" for value in values)
    op.drop_constraint(name, table)
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
