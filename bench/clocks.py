"""Very many running clocks, plain ones: one for each open ticket, none of them due for a while.

One in ten has been late for long and has had all its warnings, the last of them alone: those that
were missed before it are left open, as the product leaves them.
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg

STEP = 50_000

_REGISTERED = """
CREATE TABLE registered AS SELECT id, managing_area_code, area_code,
    row_number() OVER (ORDER BY id) - 1 AS place FROM enterprises
"""
_TICKETS = """
INSERT INTO tickets (id, number, enterprise_id, kind, channel, title, body, area_code, submitted_by,
    status, step, event_seq, event_head, submitted_at, changed_at, due_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'AS20250101-' || lpad(n::text, 7, '0'), e.id, 'request', 'mini_program', '道路积水',
    '请协调处理。', coalesce(e.managing_area_code, e.area_code), 1, 'submitted', 'accept', 1,
    '\\x00',
    now() - interval '1 day', now() - interval '1 day', now() + interval '1 day'
FROM generate_series(%(first)s::bigint, %(last)s) n
JOIN registered e ON e.place = (n * 31) %% (SELECT count(*) FROM registered)
"""
_CLOCKS = """
INSERT INTO sla_clocks (ticket_id, kind, round, limit_amount, limit_unit, calendar_version,
    started_at, due_at, nudge_at, remind_at, yellow_at, overdue_at, pauses, late_ats)
SELECT n, 'accept', 1, 1, 'working_days', (SELECT max(version) FROM work_calendars),
    now() - interval '1 day', at,
    at - interval '9 hours', at - interval '6 hours', at - interval '3 hours',
    CASE WHEN at < now() THEN at END, '[]', '[]'
FROM generate_series(%(first)s::bigint, %(last)s) n,
LATERAL (SELECT CASE WHEN n %% 10 = 0 THEN now() - (100 + n %% 997) * interval '1 hour'
    ELSE now() + (24 + n %% 1999) * interval '1 hour' END AS at) late
"""


def load_clocks(connection: psycopg.Connection[Any], size: int, say: Callable[[str], None]) -> None:
    """Clocks of tickets 1 … `size`, in a city without tickets. `connection` is in autocommit."""
    began = time.monotonic()
    connection.execute("SET session_replication_role = replica")
    connection.execute(_REGISTERED)
    for first in range(1, size + 1, STEP):
        span = {"first": first, "last": min(first + STEP - 1, size)}
        for statement in (_TICKETS, _CLOCKS):
            connection.execute(statement.encode(), span)
    for table in ("tickets", "sla_clocks"):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {size + 1})".encode()
        )
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE tickets, sla_clocks")
    say(f"{size:,} clocks after {time.monotonic() - began:.0f} s")
