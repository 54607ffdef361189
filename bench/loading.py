"""Tickets into the database: lives told of many tickets each, by COPY."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

import psycopg
from psycopg import sql

from app.domain.terms import Terms
from app.domain.work_calendar import LOCAL_ZONE
from bench.city import City
from bench.lives import TermsAt, live, submitted
from bench.stamps import TABLES, Stamp, columns_of, stamp_of

DAYS = 400
BATCH = 2000
SEQUENCE_END = 999_999
TITLES = ("厂区门前道路积水", "用电增容办理缓慢", "项目用地手续咨询", "惠企贷款贴息申请", "招工难")
SENTENCE = "企业反映厂区东侧道路排水不畅，影响原料运输，请协调处理。"


class Loader:
    """Puts tickets into one database. `checked`: the database looks at every reference."""

    def __init__(
        self, connection: psycopg.Connection[Any], city: City, *, prefix: str, checked: bool = False
    ) -> None:
        self._connection, self._city, self._prefix = connection, city, prefix
        self._dice = random.Random(20260101)
        role = "origin" if checked else "replica"
        connection.execute(f"SET session_replication_role = {role}".encode())
        row = connection.execute("SELECT coalesce(max(id), 0) FROM tickets").fetchone()
        self._last_id: int = row[0] if row else 0

    def load(self, stamps: Sequence[Stamp], count: int) -> None:
        """`count` more tickets, spread evenly over `stamps`, those that began first in front."""
        days = _by_day(stamps)
        spread = (self._dice.choice(days[i * len(days) // count]) for i in range(count))
        while batch := list(islice(spread, BATCH)):
            self._copy(batch)
        self._advance()

    def _copy(self, batch: Sequence[Stamp]) -> None:
        lines: dict[str, list[str]] = {table.name: [] for table in TABLES}
        for stamp in batch:
            self._last_id += 1
            stamp.print_into(lines, self._values(stamp))
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table in TABLES:
                names = sql.SQL(", ").join(map(sql.Identifier, columns_of(table)))
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
                with cursor.copy(into) as copy:
                    copy.write("".join(lines[table.name]))

    def _values(self, stamp: Stamp) -> dict[str, Any]:
        dice, city = self._dice, self._city
        day = stamp.began.astimezone(LOCAL_ZONE)
        sequence = (self._last_id - 1) % SEQUENCE_END + 1
        return {
            **dice.choice(city.enterprises),
            **dice.choice(city.leads),
            **dice.choice(city.others),
            "category": dice.choice(city.categories),
            "title": f"{dice.choice(TITLES)}（{self._last_id}）",
            "body": SENTENCE * dice.randint(1, 8),
            "address": f"10.3.{self._last_id % 200}.{dice.randrange(1, 250)}",
            "number": f"{self._prefix}{day:%Y%m%d}-{sequence:06d}",
            "ticket_id": self._last_id,
        }

    def _advance(self) -> None:
        """The next ticket of the product comes after those that were loaded."""
        following = (self._last_id - 1) % SEQUENCE_END + 1
        ids = "SELECT setval(pg_get_serial_sequence('tickets', 'id'), %s)"
        self._connection.execute(ids, [self._last_id])
        self._connection.execute("SELECT setval('ticket_number_seq', %s)", [following])


def _by_day(stamps: Sequence[Stamp]) -> list[list[Stamp]]:
    ordered = sorted(stamps, key=lambda stamp: stamp.began)
    return [list(day) for _, day in groupby(ordered, lambda stamp: stamp.began.date())]


def lives_until(at: datetime, terms_at: TermsAt, *, a_day: int) -> Iterator[Stamp]:
    """Stamps of the lives that began on each of the last `DAYS` days, so many a day."""
    dice = random.Random(20260102)
    midnight = at.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0)
    for ago in range(DAYS - 1, -1, -1):
        for _ in range(a_day):
            began = midnight - timedelta(days=ago) + timedelta(seconds=dice.randrange(86_400))
            life = live(min(began, at - timedelta(minutes=10)), terms_at, dice, until=at)
            yield stamp_of(life, at=at)


def untouched(at: datetime, terms: Terms) -> Stamp:
    """A ticket that came in a moment ago."""
    return stamp_of(submitted(at - timedelta(minutes=1), terms), at=at)


def settle(connection: psycopg.Connection[Any]) -> None:
    """What the database does by itself in the long run; `connection` is in autocommit."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
