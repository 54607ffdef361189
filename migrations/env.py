"""How migrations run: one at a time (advisory lock), and never waiting long for a table lock."""

import time

import sqlalchemy as sa
from alembic import context
from flask import current_app

import app.models  # noqa: F401  # every table must be known
from app.db import Model, db

LOCK = 7_241_906_311
ASK_SECONDS = 0.2
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def run() -> None:
    """Run the migrations on the writing engine, each in a transaction of its own."""
    engine = db.engines[None]
    with engine.connect() as connection:
        _wait_for_turn(connection)
        connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            compare_server_default=True,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        finally:
            connection.rollback()
            connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.execute(sa.text("RESET lock_timeout"))
            connection.execute(sa.text("RESET statement_timeout"))
            connection.commit()


def _wait_for_turn(connection: sa.Connection) -> None:
    """Take the lock by asking again and again, no transaction open in between.

    One that waits inside a statement would hold up, and be held up by, an index that is being
    built concurrently.
    """
    asking = sa.text("SELECT pg_try_advisory_lock(:lock)")
    while not connection.scalar(asking, {"lock": LOCK}):
        connection.rollback()
        time.sleep(ASK_SECONDS)
    connection.commit()


run()
