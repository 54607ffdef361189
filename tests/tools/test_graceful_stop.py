"""A stop under load: what was acknowledged stands, what was not left nothing, nothing doubles.

The launcher with its web processes and its scheduler, on the run's database; real clients.
"""

import signal
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db, transaction
from app.models.operation import BusinessClock, IdempotencyKey
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.tickets.history import verify_histories
from tests.callers import API, signed_in
from tests.factories import MONDAY, make_cast, make_ticket
from tests.jobs.processes import environment
from tests.leaks import leaks_in
from tests.tools.crowd import Client, Request, acceptance, at_work, submission, waiting
from tests.tools.launching import (
    STOP_SECONDS,
    data_folder,
    ending,
    launch,
    part,
    running_on,
    wait_ready,
)
from tools.ports import HOST, free_port
from tools.watch import settle, wait_until

CLIENTS = 8
BUSY = 24
PATIENCE = 180.0
TO_FINISH = 8
"""Seconds for requests that are held up no longer, also on a machine that is busy otherwise."""
WHOLE = {("submitted", ("submit",)), ("accepted", ("submit", "accept"))}
"""Status and events of a ticket of which no step was half done."""


@pytest.fixture
def home():
    with data_folder() as folder:
        yield folder


@pytest.fixture
def people(committed_app) -> dict[str, str]:
    """Tokens by part, and the number of a ticket that has been submitted."""
    with committed_app.app_context(), transaction():
        live_on_monday()
        cast = make_cast()
        number = make_ticket(cast=cast).number
        parts = ("applicant", "housekeeper")
        return {part: signed_in(getattr(cast, part)) for part in parts} | {"ticket": number}


def live_on_monday() -> None:
    """Set business time back, which only a test may do: today may lie beyond the calendar."""
    law = "ck_business_clock_forward_only"
    db.session.execute(sa.text(f"ALTER TABLE business_clock DROP CONSTRAINT {law}"))
    offset = int((MONDAY - clock.real()).total_seconds())
    db.session.add(BusinessClock(id=1, offset_seconds=offset))


@contextmanager
def launched(app: Flask, home: Path) -> Iterator[tuple[Any, int]]:
    """The launcher on the database of the application under test, ready; and its port."""
    port = free_port()
    known = environment(app) | {"GUANJIA_HOME": str(home), "ACCOUNT_REQUESTS_PER_MINUTE": "0"}
    with launch(home, **known | {"PORT": port, "WEB_STOP_SECONDS": TO_FINISH}) as launcher:
        try:
            wait_ready(home, launcher)
            yield launcher, port
        except BaseException:
            launcher.kill()  # which would be waited for otherwise, for ever
            raise


def stopped(launcher: Any, home: Path, began: float) -> None:
    """It has ended as it should, in time, and its logs tell nothing private."""
    code, said = ending(launcher)
    assert (code, "已停止" in said) == (0, True), said
    assert time.monotonic() - began < STOP_SECONDS
    assert not running_on(home)
    for log in ("web.log", "jobs.log"):
        lines = (home / "logs" / log).read_text("utf-8")
        assert leaks_in(lines) == []
        assert "Traceback" not in lines


def kept(app: Flask) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Status and events of every ticket, by its title; no title is there twice."""
    steps = sa.func.array_agg(
        sa.dialects.postgresql.aggregate_order_by(TicketEvent.action, TicketEvent.seq)
    )
    query = (
        sa.select(Ticket.title, Ticket.status, steps)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .group_by(Ticket.id)
    )
    with app.app_context():
        assert all(each.broken_seq is None for each in verify_histories())
        rows = [
            (title, (status, tuple(steps))) for title, status, steps in db.session.execute(query)
        ]
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def keys(app: Flask) -> set[str]:
    """The keys whose answers are kept; they are kept together with the work."""
    with app.app_context():
        return set(db.session.scalars(sa.select(IdempotencyKey.key)))


def test_what_was_acknowledged_stands(committed_app, people, home):
    tokens = (people["applicant"], people["housekeeper"])
    with launched(committed_app, home) as (launcher, port):
        clients = [Client(port, *tokens) for _ in range(CLIENTS)]
        with at_work(clients) as working:
            until_sent(clients, working, BUSY)
            replace_a_worker(home)
            until_sent(clients, working, sent_by(clients) + BUSY)
            began = time.monotonic()
            launcher.send_signal(signal.SIGTERM)
        stopped(launcher, home, began)
    sent = [request for client in clients for request in client.sent]
    done = {request.key for request in sent if request.status}
    tickets = kept(committed_app)
    assert set(tickets.values()) <= WHOLE
    assert {request.body["title"] for request in sent if request.status == 201} <= tickets.keys()
    assert done <= keys(committed_app) <= {request.key for request in sent}
    repeated(committed_app, sent)


def sent_by(clients: Sequence[Client]) -> int:
    return sum(len(client.sent) for client in clients)


def until_sent(clients: Sequence[Client], working: Sequence[Future[None]], number: int) -> None:
    """So many requests are sent, and no client has given up; raises what one broke off with."""

    def is_enough() -> bool:
        assert [each.result() for each in working if each.done()] == []
        return sent_by(clients) >= number

    assert wait_until(is_enough, PATIENCE, by=settle), clients


def replace_a_worker(home: Path) -> None:
    """One of the web processes dies in the middle of its work; another one takes its place.

    Not before the others listen too, or there would be nobody to serve meanwhile.
    """
    server = part(home, "granian")
    assert wait_until(lambda: all(map(listens, workers(server))), PATIENCE, by=settle)
    killed, before = max(workers(server), key=lambda one: one.pid), len(workers(server))
    killed.kill()
    assert wait_until(lambda: killed not in workers(server), PATIENCE, by=settle)
    assert wait_until(lambda: len(workers(server)) == before, PATIENCE, by=settle)


def workers(server: psutil.Process) -> list[psutil.Process]:
    """The processes that answer."""
    living = [one for one in server.children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in living if "granian" in one.cmdline()]


def listens(process: psutil.Process) -> bool:
    return any(each.status == psutil.CONN_LISTEN for each in process.net_connections("inet"))


def repeated(app: Flask, sent: list[Request]) -> None:
    """Whoever got no answer asks again under the same key: all is done, and done once."""
    caller = app.test_client()
    for request in sent:
        if not request.status:
            told = caller.post(API + request.path, json=request.body, headers=request.headers())
            assert told.status_code in {200, 201}, told.text
    acted = {request.path for request in sent if request.version}
    tickets = kept(app)
    assert len(tickets) == len(sent) - len(acted) + 1
    assert [status for status, _ in tickets.values()].count("accepted") == len(acted)
    assert keys(app) == {request.key for request in sent}


@contextmanager
def held(app: Flask, statement: str) -> Iterator[sa.Connection]:
    """A lock that somebody else holds, until the block ends or the connection is closed."""
    with app.app_context(), db.engines[None].connect() as connection:
        connection.execute(sa.text(statement))
        yield connection


def until_blocked(app: Flask, number: int) -> None:
    """So many requests wait for a lock."""
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    def are_blocked() -> bool:
        with app.app_context(), transaction():
            return db.session.scalar(query) == number

    assert wait_until(are_blocked, PATIENCE, by=settle)


def is_refused(port: int) -> bool:
    with suppress(ConnectionError), socket.create_connection((HOST, port)):
        return False
    return True


def test_what_is_at_work_is_finished_or_undone(committed_app, people, home):
    submitted = [submission(people["applicant"]) for _ in range(CLIENTS - 1)]
    stuck = acceptance(people["housekeeper"], people["ticket"])
    row = f"SELECT 1 FROM tickets WHERE number = '{people['ticket']}' FOR UPDATE"
    table = "LOCK TABLE ticket_events IN EXCLUSIVE MODE"
    with launched(committed_app, home) as (launcher, port), held(committed_app, row):
        with held(committed_app, table) as lock, waiting(port, [*submitted, stuck]) as asked:
            until_blocked(committed_app, CLIENTS)
            began = time.monotonic()
            launcher.send_signal(signal.SIGINT)
            assert wait_until(lambda: is_refused(port), PATIENCE, by=settle)
            lock.close()
        stopped(launcher, home, began)
    *finished, cut = asked
    assert [each.exception() for each in finished] == [None] * len(submitted)
    assert {(request.status, request.is_last) for request in submitted} == {(201, True)}
    assert isinstance(cut.exception(), ConnectionError)
    assert keys(committed_app) == {request.key for request in submitted}
    assert set(kept(committed_app).values()) == {("submitted", ("submit",))}
    repeated(committed_app, [*submitted, stuck])
