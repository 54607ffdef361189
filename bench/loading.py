"""Tickets into the database: lives told of many tickets each, by COPY."""

import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from types import SimpleNamespace
from typing import Any

import psycopg
from psycopg import sql

from app.domain.terms import Terms
from app.domain.work_calendar import LOCAL_ZONE
from bench.city import City
from bench.lives import TermsAt, live, submitted
from bench.stamps import TABLES, Stamp, columns_of, stamp_of
from services.search.ticket_terms import Said, ticket_terms

DAYS = 400
BATCH = 1000
PARTS = 2
WORTH_PARTING = 20_000
SEQUENCE_END = 999_999
TITLES = ("厂区门前道路积水", "用电增容办理缓慢", "项目用地手续咨询", "惠企贷款贴息申请", "招工难")
SENTENCE = "企业反映厂区东侧道路排水不畅，影响原料运输，请协调处理。"


@dataclass(frozen=True, slots=True)
class Load:
    """Tickets numbered `first` … `last`, spread evenly over the days of `stamps`.

    `checked`: the database looks at every reference and takes ten times as long.
    """

    address: str
    city: City
    prefix: str
    stamps: Sequence[Stamp]
    first: int
    last: int
    checked: bool = False

    def run(self) -> None:
        """Put them down, by several processes where there are many, and move the sequences on."""
        if self.last - self.first < WORTH_PARTING:
            _put(self, self.first, self.last)
        else:
            with ProcessPoolExecutor(PARTS, mp_context=get_context("spawn")) as pool:
                list(pool.map(_put, *zip(*self._parts(), strict=True)))
        with psycopg.connect(self.address, autocommit=True) as connection:
            _advance(connection, self.last)

    def _parts(self) -> Iterator[tuple["Load", int, int]]:
        length = -(-(self.last - self.first + 1) // PARTS)
        for first in range(self.first, self.last + 1, length):
            yield self, first, min(first + length - 1, self.last)


def _put(load: Load, first: int, last: int) -> None:
    dice = random.Random(first)
    days = _by_day(load.stamps)
    count = load.last - load.first + 1
    with psycopg.connect(load.address, autocommit=True) as connection:
        role = "origin" if load.checked else "replica"
        connection.execute(f"SET session_replication_role = {role}".encode())
        for begin in range(first, last + 1, BATCH):
            lines = no_lines()
            for ticket in range(begin, min(begin + BATCH, last + 1)):
                stamp = dice.choice(days[(ticket - load.first) * len(days) // count])
                stamp.print_into(lines, _values(load, stamp, ticket, dice))
            copy_lines(connection, lines)


def no_lines() -> dict[str, list[str]]:
    """What stamps print into."""
    return {table.name: [] for table in TABLES}


def copy_lines(connection: psycopg.Connection[Any], lines: Mapping[str, list[str]]) -> None:
    """Put the lines of all tables down in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        for table in TABLES:
            names = sql.SQL(", ").join(map(sql.Identifier, columns_of(table)))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
            with cursor.copy(into) as copy:
                copy.write("".join(lines[table.name]))


def _values(load: Load, stamp: Stamp, ticket: int, dice: random.Random) -> dict[str, Any]:
    """What this ticket has for the stand-ins of its life."""
    city = load.city
    day = stamp.began.astimezone(LOCAL_ZONE)
    values = {
        **dice.choice(city.enterprises),
        **dice.choice(city.leads),
        **dice.choice(city.others),
        "category": dice.choice(city.categories),
        "title": f"{dice.choice(TITLES)}（{ticket}）",
        "body": SENTENCE * dice.randint(1, 8),
        "address": f"10.3.{ticket % 200}.{dice.randrange(1, 250)}",
        "number": f"{load.prefix}{day:%Y%m%d}-{_sequence(ticket):06d}",
        "ticket_id": ticket,
    }
    return values | {"words": words_of(values)}


def words_of(values: Mapping[str, Any]) -> str:
    """What a ticket with these values is found by, as it stands between the quotes of an array."""
    said = Said(values["number"], values["title"], values["body"], None, None)
    return '","'.join(ticket_terms(said, values["enterprise_name"], SimpleNamespace(**values)))


def _sequence(ticket: int) -> int:
    return (ticket - 1) % SEQUENCE_END + 1


def _advance(connection: psycopg.Connection[Any], last: int) -> None:
    """The next ticket of the product comes after those that were loaded."""
    ids = "SELECT setval(pg_get_serial_sequence('tickets', 'id'), %s)"
    connection.execute(ids, [last])
    connection.execute("SELECT setval('ticket_number_seq', %s)", [_sequence(last)])


def _by_day(stamps: Sequence[Stamp]) -> list[list[Stamp]]:
    ordered = sorted(stamps, key=lambda stamp: stamp.began)
    return [list(day) for _, day in groupby(ordered, lambda stamp: stamp.began.date())]


def lives_until(
    at: datetime, terms_at: TermsAt, *, a_day: int = 1, every: int = 1
) -> Iterator[Stamp]:
    """Stamps of the lives begun in the last 400 days: so many a day, on every so many-th day."""
    dice = random.Random(DAYS)
    midnight = at.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0)
    for ago in range(DAYS - 1, -1, -every):
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
