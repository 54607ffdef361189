"""`python -m bench.search --size 1000000`: what a search costs beside the list it narrows."""

import argparse
import logging
import random
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
from app.domain.bigrams import words_of_name, words_of_text
from app.domain.keyset import Page
from bench.places import database_server, folder, product_environment
from bench.preparing import CITY, application, on, prepare_city
from services.tickets.find import find_tickets

TEXTS = 20_000
PARTS = (
    "道路排水用电增容土地审批贷款贴息招工社保环保验收消防检查物流运输水价电费厂房租赁税务登记"
    "出口退税设备补贴技改项目燃气管网宽带网络噪声投诉围挡施工拖欠账款政府采购资质延期"
)
RARE, MIDDLING, FREQUENT = "罕琭", "间或", "企业"
WORDS = {"rare (10)": RARE, "middling (0.1 %)": MIDDLING, "frequent (all)": FREQUENT}
COUNTY = "210302000000"
ASKER = Actor(role=Role.SUPERVISOR, name="督导", area_prefix="2103")

_TEXTS = "CREATE TABLE texts (id int PRIMARY KEY, title text, body text, words text[])"
_TICKETS = """
INSERT INTO tickets (id, number, enterprise_id, kind, channel, title, body, area_code, submitted_by,
    status, step, event_seq, event_head, submitted_at, changed_at, due_at, yellow_at, withdrawn_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'AS20260101-' || lpad(n::text, 7, '0'), e.id, 'request', 'mini_program', x.title, x.body,
    coalesce(e.managing_area_code, e.area_code), 1,
    CASE WHEN n % 25 = 0 THEN 'submitted' ELSE 'withdrawn' END,
    CASE WHEN n % 25 = 0 THEN 'accept' ELSE 'evaluate' END, 1, '\\x00', at, at,
    CASE WHEN n % 25 = 0 THEN now() + (n % 9973) * interval '1 minute' END, NULL,
    CASE WHEN n % 25 <> 0 THEN at END
FROM generate_series(%(first)s::bigint, %(last)s) n
JOIN texts x ON x.id = (n * 7919) %% {texts}
JOIN registered e ON e.place = (n * 31) %% (SELECT count(*) FROM registered),
LATERAL (SELECT now() - (%(size)s - n) * interval '30 seconds' AS at) a
"""
_WORDS = """
INSERT INTO ticket_words
SELECT t.id, t.area_code, x.words || e.name_words[2:] || ARRAY[right(t.number, 7)]
    || CASE WHEN t.id %% (%(size)s / 10) = 7 THEN ARRAY['{rare}'] ELSE '{{}}' END
    || CASE WHEN t.id %% 1000 = 11 THEN ARRAY['{middling}'] ELSE '{{}}' END
FROM tickets t JOIN texts x ON x.id = (t.id * 7919) %% {texts} JOIN enterprises e
ON e.id = t.enterprise_id WHERE t.id BETWEEN %(first)s AND %(last)s
"""
_INDEX = "SELECT pg_get_indexdef('ix_ticket_words_terms'::regclass)"
STEP = 50_000


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
                _load(connection, given.size)
            server.run("ALTER DATABASE {} RENAME TO {}", f"{name}_begun", name)
        with application(on(environ, server, name)):
            _say("\n".join(_table(_measured(given.rounds))))
    return 0


def _load(connection: psycopg.Connection[Any], size: int) -> None:
    began = time.monotonic()
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET maintenance_work_mem = '1GB'")
    index = connection.execute(_INDEX).fetchone()
    connection.execute("DROP INDEX ix_ticket_words_terms")
    connection.execute(_TEXTS.encode())
    with connection.cursor().copy("COPY texts FROM STDIN") as copy:
        for row in _texts():
            copy.write_row(row)
    connection.execute(
        "CREATE TABLE registered AS SELECT id, managing_area_code, area_code,"
        " row_number() OVER (ORDER BY id) - 1 AS place FROM enterprises"
    )
    named = {"texts": TEXTS, "rare": RARE, "middling": MIDDLING}
    for statement in (_TICKETS.replace(" % ", " %% "), _WORDS):
        for first in range(1, size + 1, STEP):
            span = {"first": first, "last": min(first + STEP - 1, size), "size": size}
            connection.execute(statement.format(**named).encode(), span)
        _say(f"{time.monotonic() - began:.0f} s")
    connection.execute(index[0].encode() if index else b"")
    connection.execute("ALTER INDEX ix_ticket_words_terms ALTER COLUMN 1 SET STATISTICS 300")
    connection.execute("VACUUM ANALYZE tickets, ticket_words")
    for table in ("ticket_words", "ix_ticket_words_terms"):
        row = connection.execute("SELECT pg_relation_size(%s::regclass)", [table]).fetchone()
        _say(f"{table}: {row[0] / size if row else 0:.0f} bytes a ticket")


def _texts() -> Any:
    """Made of words as frequent as those of a language: the n-th a n-th as often as the first."""
    dice = random.Random(TEXTS)
    words = [PARTS[place : place + 2] for place in range(len(PARTS) - 1)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    for number in range(TEXTS):
        title = FREQUENT + "".join(dice.choices(words, weights, k=4))
        body = "".join(dice.choices(words, weights, k=dice.randint(10, 60)))
        yield number, title, body, sorted(words_of_name(title) | words_of_text(body))


def _measured(rounds: int) -> Mapping[str, list[float]]:
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


def _table(times: Mapping[str, list[float]]) -> list[str]:
    middle = {name: median(taken) for name, taken in times.items()}
    lines = []
    ratios = []
    for name, value in middle.items():
        plain = middle["list, county" if name.endswith("county") else "list"]
        if not name.startswith("list"):
            ratios.append(value / plain)
        lines.append(f"| {name} | {value:.2f} | ×{value / plain:.2f} |")
    return [*lines, f"median ratio ×{median(ratios):.2f}, worst ×{max(ratios):.2f}"]


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
