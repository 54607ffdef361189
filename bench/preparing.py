"""Databases ready to be measured: the city once, a copy of it with tickets for every size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from importlib.resources import files

from flask import Flask

from app import clock
from app.db import db, transaction
from app.domain.terms import Terms
from app.factory import create_app
from app.seed import demo_city
from bench.city import City, people, read_city
from bench.loading import Load, lives_until, settle, untouched
from bench.places import Server
from bench.stamps import Stamp
from config.settings import Settings
from services.tickets.terms import terms_at
from tools.programs import prepare

CITY = "city"
TICKETS_OF_A_HOUSEKEEPER = 1_000
"""As many give a queue of more than a page; so a small load stays with few housekeepers."""
LIVES_A_DAY = 2


@contextmanager
def application(environ: Mapping[str, str]) -> Iterator[Flask]:
    """The product in this process, on the database that `environ` names."""
    app = create_app(Settings.from_environment(environ))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def on(environ: Mapping[str, str], server: Server, database: str) -> dict[str, str]:
    """`environ` for one of the databases."""
    return {**environ, "DATABASE_URL": server.url(database)}


def migrate(environ: Mapping[str, str]) -> None:
    """What every start of the product does with its database."""
    quiet = {**environ, "LOG_LEVEL": "ERROR"}
    prepare(Settings.from_environment(quiet), quiet, [])


def prepare_city(server: Server, environ: Mapping[str, str]) -> None:
    """The database `city`: migrated, with the demo city's register and an account for everybody."""
    if server.has(CITY):
        return
    begun = f"{CITY}_begun"
    server.run("DROP DATABASE IF EXISTS {}", begun)
    server.run("CREATE DATABASE {}", begun)
    migrate(on(environ, server, begun))
    with application(on(environ, server, begun)), transaction():
        demo_city.load()
    with server.open(begun) as connection:
        people(connection)
    server.run("ALTER DATABASE {} RENAME TO {}", begun, CITY)


def draw_lives(server: Server, environ: Mapping[str, str]) -> list[Stamp]:
    """Lives begun on each of the last 400 days, under the promises of each day."""
    with application(on(environ, server, CITY)):
        return list(lives_until(clock.now(), _remembered(), a_day=LIVES_A_DAY))


def _remembered() -> Callable[[datetime], Terms]:
    """The promises in force, asked for once a day."""
    known: dict[date, Terms] = {}

    def terms(at: datetime) -> Terms:
        day = at.astimezone(clock.LOCAL_ZONE).date()
        if day not in known:
            known[day] = terms_at(at=at)
        return known[day]

    return terms


def prepare_tickets(server: Server, lives: list[Stamp], count: int, prefix: str) -> None:
    """The database that copies with `count` tickets are made of."""
    begun, finished = f"begun_{count}", loaded_database(count)
    server.run("DROP DATABASE IF EXISTS {}", begun)
    server.run("CREATE DATABASE {} TEMPLATE {}", begun, CITY)
    with server.open(begun) as connection:
        city = city_of(read_city(connection), count)
        Load(server.plain_url(begun), city, prefix, lives, 1, count).run()
        settle(connection)
    server.run("ALTER DATABASE {} RENAME TO {}", begun, finished)


def prepare_copy(server: Server, environ: Mapping[str, str], count: int) -> None:
    """The product's database: every run begins with what was loaded, and no more."""
    copy = product_database(count)
    server.run("DROP DATABASE IF EXISTS {}", copy)
    server.run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", copy, loaded_database(count))
    migrate(on(environ, server, copy))


def prepare_floor(server: Server, count: int) -> None:
    """The floor's database with `count` tickets."""
    begun, finished = f"floor_begun_{count}", floor_database(count)
    server.run("DROP DATABASE IF EXISTS {}", begun)
    server.run("CREATE DATABASE {}", begun)
    tables = files("bench.floor").joinpath("tables.sql").read_text("utf-8")
    with server.open(begun) as connection:
        connection.execute(tables.replace("{count}", str(count)).encode())
        settle(connection)
    server.run("ALTER DATABASE {} RENAME TO {}", begun, finished)


def loaded_database(count: int) -> str:
    """Its name."""
    return f"loaded_{count}"


def product_database(count: int) -> str:
    """Its name."""
    return f"product_{count}"


def floor_database(count: int) -> str:
    """Its name."""
    return f"floor_{count}"


def city_of(city: City, count: int) -> City:
    """The part of the city that `count` tickets come from."""
    return city.of_housekeepers(max(1, count // TICKETS_OF_A_HOUSEKEEPER))


def add_untouched(server: Server, size: int, prefix: str, count: int) -> list[str]:
    """`count` more tickets, come in a moment ago, for the database of `size`: their numbers."""
    at = clock.now()
    address = server.plain_url(product_database(size))
    with server.open(product_database(size)) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM tickets").fetchone()
        last = row[0] if row else 0
        city = city_of(read_city(connection), size)
        arriving = [untouched(at, terms_at(at=at))]
        Load(address, city, prefix, arriving, last + 1, last + count).run()
        found = connection.execute("SELECT number FROM tickets WHERE id > %s ORDER BY id", [last])
        return [number for (number,) in found]
