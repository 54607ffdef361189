"""`python -m bench.sweep --size 1000000`: what the sweep of running clocks costs, idle and at work.

With little time: `--size 100000`.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

import psutil
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from bench.city import read_city
from bench.clocks import load_clocks
from bench.driving import WrongAnswer
from bench.mail import PREFIX, SUBMISSION, People
from bench.places import Server, database_server, folder, product_environment
from bench.preparing import CITY, application, on, prepare_city
from bench.usage import seconds_of
from jobs.watch_deadlines import watch_deadlines
from services.tickets.due import due_warnings
from services.tickets.intake import submit

AGO = timedelta(days=10)
"""Long enough for every clock of a ticket to be past its due time by now, whatever day it is."""


def main() -> int:
    """Load, look, sweep, print."""
    parser = argparse.ArgumentParser(prog="bench.sweep", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="运行中的时限钟")
    parser.add_argument("--due", type=int, default=1_000, help="其中到点的")
    parser.add_argument("--looks", type=int, default=20, help="没有到点的时候看几次")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with folder(None) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        prepare_city(server, environ)
        with server.open(CITY) as connection:
            load_clocks(connection, given.size, _say)
        with application(on(environ, server, CITY)):
            _say(f"idle look, {given.size:,} clocks: {idle(given.looks)}")
            for line in plan_of_the_look():
                _say(line)
            submit_late(server, given.due)
            _say(worked(server))
            _say(f"idle look afterwards: {idle(given.looks)}")
    return 0


def idle(looks: int) -> str:
    """Milliseconds of a look that finds nothing. Raises `WrongAnswer` when it does."""
    taken = sorted(_timed(_look_for_nothing) for _ in range(looks))
    return f"min {taken[0]:.1f}, median {median(taken):.1f}, max {taken[-1]:.1f} ms"


def plan_of_the_look() -> Sequence[str]:
    """Every scan of the look as it is asked now. Raises `WrongAnswer` for a sequential one."""
    seen: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        seen.append((told[2], told[3]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    with transaction():
        due_warnings(at=clock.now())
    sa.event.remove(db.engine, "before_cursor_execute", note)
    [(text, values)] = seen
    with transaction():
        asked = db.session.connection().exec_driver_sql(f"EXPLAIN {text}", values)
        scans = [line.strip(" ->") for (line,) in asked if " Scan " in line]
    if any("Seq Scan on sla_clocks" in each or "Seq Scan on tickets" in each for each in scans):
        raise WrongAnswer("\n".join(scans))
    return scans


def submit_late(server: Server, due: int) -> None:
    """Tickets of some days ago, that nobody has touched, until so many warnings are due."""
    with server.open(CITY) as connection:
        places = read_city(connection).enterprises
    count = 0
    while (missing := due - len(_due())) > 0:
        for _ in range(max(1, missing // 2)):
            with transaction():
                person = People(places[count % len(places)]).applicant
                submit(person, SUBMISSION, PREFIX, at=clock.now() - AGO)
            count += 1


def worked(server: Server) -> str:
    """One sweep with all that is due. Raises `WrongAnswer` when some of it was not done."""
    due, process = len(_due()), psutil.Process()
    memory, heads = process.memory_info().rss, {"database": server.process}
    before, own, began = seconds_of(heads), time.process_time(), time.perf_counter()
    outcome = watch_deadlines()
    seconds, own = time.perf_counter() - began, time.process_time() - own
    database = seconds_of(heads)["database"] - before["database"]
    grown = (process.memory_info().rss - memory) / 2**20
    if outcome.failures or outcome.items != due or _due():
        raise WrongAnswer(f"{outcome.items} of {due} done, {outcome.failures} failed")
    return (
        f"sweep with {due} due: {seconds:.1f} s, {1000 * seconds / due:.1f} ms an item,"
        f" of the processor {1000 * own / due:.1f} in Python, {1000 * database / due:.1f} in"
        " PostgreSQL;"
        f" memory {memory / 2**20:.0f} MiB, {grown:+.0f} MiB"
    )


def _due() -> Sequence[object]:
    with transaction():
        return due_warnings(at=clock.now())


def _look_for_nothing() -> None:
    if found := _due():
        raise WrongAnswer(f"{len(found)} are due")


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
