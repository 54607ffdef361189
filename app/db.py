"""The database: the model base, the session, and the only places that commit or roll back.

A request, or one item of a job, is one transaction (`transaction`). GET and HEAD never write, so
their statements go to a second engine in AUTOCOMMIT, which saves the BEGIN and the ROLLBACK.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import sqlalchemy as sa
from flask import g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import DeclarativeBase, Session

READ = "read"
READING = "reading_connection"
# To start parallel workers takes longer than what a request asks for, and takes their processors.
# Nobody waits for ever for what another one holds, nor can a process that hangs hold it for ever.
SESSION = (
    "-c timezone=Asia/Shanghai -c max_parallel_workers_per_gather=0"
    " -c lock_timeout=20s -c idle_in_transaction_session_timeout=5min"
)
# Whoever asked has gone away by then.
READING_SESSION = f"{SESSION} -c statement_timeout=30s"
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Model(DeclarativeBase):
    """Base of every table. Constraint names are fixed, so that migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def is_reading() -> bool:
    """Whether the present work may not write: it serves a GET or HEAD request."""
    return has_request_context() and request.method in READING_METHODS


class RoutedSession(FlaskSession):
    """Sends the statements of reading requests to the AUTOCOMMIT engine."""

    def get_bind(self, *_: Any, **__: Any) -> sa.Engine | sa.Connection:
        return db.engines[READ if is_reading() else None]


db = SQLAlchemy(
    metadata=Model.metadata,
    session_options={"class_": RoutedSession, "join_transaction_mode": "create_savepoint"},
)


def engine_options(database_url: str) -> dict[str, Any]:
    """The Flask configuration of both engines."""
    common: dict[str, Any] = {
        "connect_args": _arguments(SESSION),
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "pool_pre_ping": False,
        # The values of a statement that failed have no place in a log.
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
    }
    reading = {
        "connect_args": _arguments(READING_SESSION),
        "isolation_level": "AUTOCOMMIT",
        "skip_autocommit_rollback": True,
        "pool_reset_on_return": None,
    }
    return {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": common,
        "SQLALCHEMY_BINDS": {READ: {"url": database_url, **common, **reading}},
    }


def _arguments(session: str) -> dict[str, str]:
    return {"options": session, "application_name": "guanjia"}


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work on the session: committed on success, rolled back on any exception."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _return_reading_connection()


@contextmanager
def part_of_transaction() -> Iterator[None]:
    """A part of the unit of work that is undone alone when it fails; the rest goes on."""
    with db.session.begin_nested():
        yield


def connection() -> sa.Connection:
    """Of the session's transaction; of a reading request that has none yet, one without a session.

    A transaction that never begins has nothing to end, which is a tenth of a reading request.
    """
    if not is_reading() or db.session().in_transaction():
        return db.session.connection()
    if READING not in g:
        bind: sa.Engine | sa.Connection = db.engines[READ]
        # Tests have one connection in the engine's place.
        setattr(g, READING, bind.connect() if isinstance(bind, sa.Engine) else bind)
    kept: sa.Connection = g.get(READING)
    return kept


def _return_reading_connection() -> None:
    kept = g.pop(READING, None) if is_reading() else None
    if kept is not None and isinstance(db.engines[READ], sa.Engine):
        kept.close()


@contextmanager
def snapshot() -> Iterator[None]:
    """A unit of work whose statements all see the database as its first one saw it.

    What was read before belongs to another transaction, which ends here.
    """
    end_transaction()
    with transaction():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield


def end_transaction() -> None:
    """End the transaction that reading began: none is open while the outside world is called."""
    db.session.rollback()


@contextmanager
def separate_transaction() -> Iterator[Session]:
    """A short transaction of its own, for what must stand whatever becomes of the work around it:

    counted log-in attempts, progress of an import, the last-seen time of a session.
    """
    bind = db.engines[None]
    with Session(bind, join_transaction_mode="create_savepoint") as session, session.begin():
        yield session
