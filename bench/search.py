"""`python -m bench.search --size 1000000`: what a search costs beside the list it narrows."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from app import clock
from app.db import db
from app.domain.actor import Actor, Role
from app.domain.keyset import Page
from bench.places import database_server, folder, product_environment
from bench.preparing import CITY, application, on, prepare_city
from bench.searched import FREQUENT, MIDDLING, RARE, load_searched
from services.tickets.find import find_tickets

WORDS = {"rare (10)": RARE, "middling (0.1 %)": MIDDLING, "frequent (all)": FREQUENT}
COUNTY = "210302000000"
ASKER = Actor(role=Role.SUPERVISOR, name="督导", area_prefix="2103")


def main() -> int:
    """Load, measure, print ratios."""
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="件数")
    parser.add_argument("--rounds", type=int, default=60, help="每项轮流测几次")
    parser.add_argument("--keep", type=Path, help="保留数据的文件夹，下次不再装载")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    name = f"search_{given.size}"
    with folder(given.keep) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        prepare_city(server, environ)
        if not server.has(name):
            server.run("DROP DATABASE IF EXISTS {}", f"{name}_begun")
            server.run("CREATE DATABASE {} TEMPLATE {}", f"{name}_begun", CITY)
            with server.open(f"{name}_begun") as connection:
                load_searched(connection, given.size, _say)
                _say_sizes(connection, given.size)
            server.run("ALTER DATABASE {} RENAME TO {}", f"{name}_begun", name)
        with application(on(environ, server, name)):
            _say("\n".join(table_of(measured(given.rounds))))
    return 0


def measured(rounds: int) -> Mapping[str, list[float]]:
    """Milliseconds of each question, asked in turn, so that all meet the same machine."""
    questions = {
        f"{word}{place}": ({"q": WORDS[word]} if word in WORDS else {}) | area
        for place, area in (("", {}), (", county", {"area": COUNTY}))
        for word in ("list", *WORDS)
    }
    times: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(rounds):
        for name, filters in questions.items():
            times[name].append(_timed(partial(_page, filters)))
    return {name: taken[rounds // 6 :] for name, taken in times.items()}


def _page(filters: Mapping[str, str]) -> None:
    find_tickets(ASKER, filters, "due_at", Page(25, None), at=clock.now())
    db.session.rollback()


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def table_of(times: Mapping[str, list[float]]) -> list[str]:
    middle = {name: median(taken) for name, taken in times.items()}
    lines = []
    ratios = []
    for name, value in middle.items():
        plain = middle["list, county" if name.endswith("county") else "list"]
        if not name.startswith("list"):
            ratios.append(value / plain)
        lines.append(f"| {name} | {value:.2f} | ×{value / plain:.2f} |")
    return [*lines, f"median ratio ×{median(ratios):.2f}, worst ×{max(ratios):.2f}"]


def _say_sizes(connection: psycopg.Connection[Any], size: int) -> None:
    for table in ("ticket_words", "ix_ticket_words_terms"):
        row = connection.execute("SELECT pg_relation_size(%s::regclass)", [table]).fetchone()
        _say(f"{table}: {row[0] / size if row else 0:.0f} bytes a ticket")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
