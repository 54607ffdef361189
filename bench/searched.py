"""Very many tickets to search: short, alike, quick to load, each found by what it says."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from app.domain.bigrams import words_of_name, words_of_text
from app.models.terms import PERSON, TAIL, printed

TEXTS = 20_000
PARTS = (
    "道路排水用电增容土地审批贷款贴息招工社保环保验收消防检查物流运输水价电费厂房租赁税务登记"
    "出口退税设备补贴技改项目燃气管网宽带网络噪声投诉围挡施工拖欠账款政府采购资质延期"
)
RARE, MIDDLING, FREQUENT = "罕琭", "间或", "企业"
RARE_ONES, MIDDLING_EVERY = 10, 1000
STEP = 50_000

_TEXTS = "CREATE TABLE texts (id int PRIMARY KEY, title text, body text, words text[])"
_REGISTERED = """
CREATE TABLE registered AS SELECT id, managing_area_code, area_code,
    row_number() OVER (ORDER BY id) - 1 AS place FROM enterprises
"""
_TICKETS = """
INSERT INTO tickets (id, number, enterprise_id, kind, channel, title, body, area_code, submitted_by,
    status, step, event_seq, event_head, submitted_at, changed_at, due_at, yellow_at, withdrawn_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'AS20260101-' || lpad(n::text, 7, '0'), e.id, 'request', 'mini_program', x.title,
    x.body || CASE WHEN n %% %(rare_every)s = 7 THEN '。' || %(rare)s ELSE '' END
    || CASE WHEN n %% %(middling_every)s = 11 THEN '。' || %(middling)s ELSE '' END,
    coalesce(e.managing_area_code, e.area_code), 1,
    CASE WHEN n %% 25 = 0 THEN 'submitted' ELSE 'withdrawn' END,
    CASE WHEN n %% 25 = 0 THEN 'accept' ELSE 'evaluate' END, 1, '\\x00', at, at,
    CASE WHEN n %% 25 = 0 THEN now() + (n %% 9973) * interval '1 minute' END, NULL,
    CASE WHEN n %% 25 <> 0 THEN at END
FROM generate_series(%(first)s::bigint, %(last)s) n
JOIN texts x ON x.id = (n * 7919) %% %(texts)s
JOIN registered e ON e.place = (n * 31) %% (SELECT count(*) FROM registered),
LATERAL (SELECT now() - (%(size)s - n) * interval '30 seconds' AS at) a
"""
_WORDS = """
INSERT INTO ticket_words
SELECT t.id, t.area_code, x.words || e.name_words[2:]
    || ARRAY['as20260101', right(t.number, 7), t.id::text, {marks}]
    || CASE WHEN e.uscc IS NULL THEN '{}' ELSE ARRAY[lower(e.uscc::text)] END
    || CASE WHEN t.id %% %(rare_every)s = 7 THEN ARRAY[%(rare)s] ELSE '{}' END
    || CASE WHEN t.id %% %(middling_every)s = 11 THEN ARRAY[%(middling)s] ELSE '{}' END
FROM tickets t JOIN texts x ON x.id = (t.id * 7919) %% %(texts)s JOIN enterprises e
ON e.id = t.enterprise_id WHERE t.id BETWEEN %(first)s AND %(last)s
"""
_MARKS = {PERSON: "e.contact_name_hash", TAIL: "e.contact_phone_tail_hash"}
_NAMED = {
    "texts": TEXTS,
    "rare": RARE,
    "middling": MIDDLING,
    "middling_every": MIDDLING_EVERY,
}
_INDEX = "SELECT pg_get_indexdef('ix_ticket_words_terms'::regclass)"
_EXACTLY = "ALTER INDEX ix_ticket_words_terms ALTER COLUMN 1 SET STATISTICS 300"


def load_searched(
    connection: psycopg.Connection[Any], size: int, say: Callable[[str], None]
) -> None:
    """Tickets 1 … `size` with their words, into a city without tickets; `say` hears how it goes.

    `connection` is in autocommit. The index of words is made at the end, at once.
    """
    began = time.monotonic()
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET maintenance_work_mem = '1GB'")
    index = connection.execute(_INDEX).fetchone()
    connection.execute("DROP INDEX ix_ticket_words_terms")
    for statement in (_TEXTS, _REGISTERED):
        connection.execute(statement.encode())
    with connection.cursor().copy("COPY texts FROM STDIN") as copy:
        for row in _texts():
            copy.write_row(row)
    marks = ", ".join(printed(kind, column) for kind, column in _MARKS.items())
    named = _NAMED | {"size": size, "rare_every": size // RARE_ONES}
    for statement in (_TICKETS, _WORDS.replace("{marks}", marks)):
        for first in range(1, size + 1, STEP):
            span = {"first": first, "last": min(first + STEP - 1, size)}
            connection.execute(statement.encode(), named | span)
        say(f"{time.monotonic() - began:.0f} s")
    connection.execute(index[0].encode() if index else b"")
    connection.execute(_EXACTLY)
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE tickets, ticket_words")


def _texts() -> Iterator[tuple[int, str, str, list[str]]]:
    """Made of words as frequent as those of a language: the n-th a n-th as often as the first."""
    dice = random.Random(TEXTS)
    words = [PARTS[place : place + 2] for place in range(len(PARTS) - 1)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    for number in range(TEXTS):
        title = FREQUENT + "".join(dice.choices(words, weights, k=4))
        body = "".join(dice.choices(words, weights, k=dice.randint(10, 60)))
        yield number, title, body, sorted(words_of_name(title) | words_of_text(body))
