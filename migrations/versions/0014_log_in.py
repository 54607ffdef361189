"""log in: passwords of before, failures, second factors, and what sessions are known by."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TABLES = (
    "login_challenges",
    "recovery_codes",
    "second_factors",
    "login_failures",
    "old_passwords",
)


def upgrade() -> None:
    # Without a default, so that nothing is rewritten under the lock.
    op.add_column("login_sessions", sa.Column("authenticated_at", MOMENT, nullable=True))
    op.add_column("login_sessions", sa.Column("client", sa.Text(), nullable=True))
    op.create_table(
        "old_passwords",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        _of_an_account("old_passwords"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_passwords")),
    )
    op.create_index(op.f("ix_old_passwords_account_id"), "old_passwords", ["account_id"])
    op.create_table(
        "login_failures",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_failures")),
    )
    _create_second_factors()
    _create_challenges()


def _create_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        _of_an_account("second_factors"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _of_an_account("recovery_codes"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])


def _create_challenges() -> None:
    op.create_table(
        "login_challenges",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        _of_an_account("login_challenges"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_challenges")),
    )
    op.create_index(op.f("ix_login_challenges_expires_at"), "login_challenges", ["expires_at"])


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_accounts")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for column in ("client", "authenticated_at"):
        op.drop_column("login_sessions", column)
