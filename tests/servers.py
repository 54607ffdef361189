"""The tests' own PostgreSQL: one server a run, one template made by the migrations, many clones."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg import sql

from tools.postgres_binaries import DEFAULT_VERSION
from tools.throwaway import throwaway_server

VERSION = int(os.environ.get("GUANJIA_TEST_PG", DEFAULT_VERSION))
EMPTY = "template0"
READY = "template_guanjia"


@contextmanager
def running_server() -> Iterator["Server"]:
    """A private server, gone afterwards."""
    with throwaway_server(VERSION) as address:
        yield Server(address)


class Server:
    """A running server, known by the address of any one of its databases."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._numbers = count()

    @contextmanager
    def clone(self, template: str = READY, name: str | None = None) -> Iterator[str]:
        """The address of a new database, which is dropped afterwards."""
        name = name or self.unused_name()
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            self._command("DROP DATABASE {} WITH (FORCE)", name)

    def create(self, name: str, template: str) -> None:
        """Make a database like another one, by its files, which is quicker than through the log."""
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)

    def unused_name(self) -> str:
        """A name for a database that no other one bears."""
        return f"clone_{os.getpid()}_{next(self._numbers)}"

    def close_template(self, name: str) -> None:
        """Nobody may connect to it any more, so that it can be copied at any moment."""
        self._command("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)

    def url(self, database: str) -> str:
        """The address of one of the server's databases."""
        before, _, after = self.address.partition("/guanjia?")
        return f"{before}/{database}?{after}"

    def _command(self, text: str, *names: str) -> None:
        command = sql.SQL(text).format(*map(sql.Identifier, names))
        address = self.address.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command)
