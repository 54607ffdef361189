"""Doing things at the same time: real threads, each with a connection and a context of its own."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db

PATIENCE = 20.0


@contextmanager
def beside(app: Flask, work: Callable[[], Any], *, at: datetime) -> Iterator[Future[Any]]:
    """`work` runs in another thread, at the real time `at`, while the block goes on."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(copy_context().run, _alone, app, work, at)


def all_at_once(app: Flask, *works: Callable[[], Any], at: datetime) -> list[Any]:
    """What the works answer or raise, begun at the same moment in a thread each."""
    barrier = Barrier(len(works), timeout=PATIENCE)

    def begin(work: Callable[[], Any]) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        asked = [pool.submit(_alone, app, partial(begin, work), at) for work in works]
        return [one.exception() or one.result() for one in asked]


def wait_for_a_blocked_connection(app: Flask) -> None:
    """Until somebody waits for a lock that somebody else holds."""
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + PATIENCE
    with app.app_context(), db.engines[None].connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < until, "nobody waits for a lock"
            connection.rollback()


def _alone(app: Flask, work: Callable[[], Any], at: datetime) -> Any:
    with app.app_context(), clock.frozen(at):
        return work()
