"""工作进程: who works in the background and is heard of. All in real time."""

import os
import socket
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.operation import Worker


def own_name() -> str:
    """The name of this process among those of all hosts: "host:pid"."""
    return f"{socket.gethostname()}:{os.getpid()}"


def arrive(name: str, kind: str, *, at: datetime) -> None:
    """The worker `name` begins, whoever bore the name before: a container has it again and again.

    So what was begun before `at` under the name is nobody's any more.
    """
    begun = {"kind": kind, "started_at": at, "seen_at": at}
    arriving = insert(Worker).values(name=name, **begun)
    db.session.execute(arriving.on_conflict_do_update(index_elements=[Worker.name], set_=begun))


def beat(name: str, kind: str, *, at: datetime) -> None:
    """The worker `name` of a `kind` ("scheduler") lives; the first time makes it known."""
    heard = insert(Worker).values(name=name, kind=kind, started_at=at, seen_at=at)
    again = {"kind": heard.excluded.kind, "seen_at": heard.excluded.seen_at}
    db.session.execute(heard.on_conflict_do_update(index_elements=[Worker.name], set_=again))


def leave(name: str) -> None:
    """The worker has ended as it should: nobody need miss it."""
    db.session.execute(sa.delete(Worker).where(Worker.name == name))
