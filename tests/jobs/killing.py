"""What the tests that kill processes share: rounds, patience, and ways to hold somebody at a step.

`make fuzz rounds=100` repeats each test.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from app.db import db
from tools.watch import settle, wait_until

ROUNDS = range(int(os.environ.get("GUANJIA_FUZZ_ROUNDS", "1")))
PATIENCE = 60.0

_GATE = """
CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END $$;
CREATE TRIGGER gate BEFORE UPDATE ON {table} FOR EACH ROW
WHEN (NEW.state IN ({states})) EXECUTE FUNCTION wait_at_gate()
"""


@contextmanager
def held(app: Flask, statement: str) -> Iterator[None]:
    """A lock that somebody else holds inside the block."""
    with app.app_context(), db.engines[None].connect() as connection:
        connection.execute(sa.text(statement))
        yield
        connection.rollback()


@contextmanager
def held_before(app: Flask, table: str, *states: str) -> Iterator[None]:
    """Inside the block no row of the table comes to one of the states: who tries waits."""
    named = ", ".join(f"'{state}'" for state in states)
    with app.app_context(), db.engines[None].begin() as connection:
        connection.execute(sa.text(_GATE.format(table=table, states=named)))
    with held(app, "SELECT pg_advisory_xact_lock(1)"):
        yield


def until(condition: Callable[[], object]) -> None:
    """Wait for it; fails when it does not come true."""
    assert wait_until(lambda: bool(condition()), PATIENCE, by=settle)
