"""The databases and the two web servers of a benchmark, all thrown away or kept together."""

import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.settings import Settings
from tools.children import Child, Program, start, stop
from tools.environment import with_keys
from tools.home import make_home
from tools.ports import HOST, free_port
from tools.postgres import EmbeddedPostgres
from tools.programs import web_server
from tools.readiness import wait_until_ready
from tools.throwaway import FOLDER_MODE
from tools.watch import wait_until

START_SECONDS = 30
STOP_SECONDS = 8
UNLIMITED = {"ACCOUNT_REQUESTS_PER_MINUTE": "0", "ADDRESS_REQUESTS_PER_MINUTE": "0"}
"""One client asks for a whole city."""


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server: where its databases are, and its head process."""

    address: str
    process: int

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        before, _, after = self.address.partition("/guanjia?")
        return f"{before}/{database}?{after}"

    def plain_url(self, database: str) -> str:
        """The same for psycopg."""
        return self.url(database).replace("+psycopg", "")

    def open(self, database: str) -> psycopg.Connection[Any]:
        """A connection in autocommit."""
        return psycopg.connect(self.plain_url(database), autocommit=True)

    def version(self) -> str:
        """Of PostgreSQL."""
        with self.open("guanjia") as connection:
            return str(connection.info.parameter_status("server_version"))

    def has(self, database: str) -> bool:
        """Whether there is such a database, loaded to its end."""
        with self.open("guanjia") as connection:
            found = "SELECT FROM pg_database WHERE datname = %s"
            return connection.execute(found, [database]).fetchone() is not None

    def run(self, command: str, *names: str) -> None:
        """A command about databases as a whole."""
        with self.open("guanjia") as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """The folder to keep, made when there is none, or one that is gone afterwards."""
    if kept is not None:
        make_home(kept.resolve())
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="guanjia-bench-") as name:
        made = Path(name)
        made.chmod(FOLDER_MODE)
        make_home(made)
        yield made


@contextmanager
def database_server(home: Path) -> Iterator[Server]:
    """PostgreSQL as the product runs it: whatever is committed is on the disk."""
    postgres = EmbeddedPostgres(home / "postgres", home / "logs" / "postgres.log")
    try:
        child = postgres.start(print)
        yield Server(postgres.url(), child.process.pid)
    finally:
        postgres.stop()


def product_environment(home: Path, url: str) -> dict[str, str]:
    """Production, where the business clock stands still; a port that is free now."""
    production = {"APP_ENV": "production", "FLASK_SKIP_DOTENV": "1", "GUANJIA_HOME": str(home)}
    own = {"DATABASE_URL": url, "PORT": str(free_port()), "PATH": os.defpath, **UNLIMITED}
    return with_keys(production | own, home)


@dataclass(frozen=True, slots=True)
class Served:
    """A web server: its port and its head process."""

    port: int
    process: int


@contextmanager
def product(environ: Mapping[str, str]) -> Iterator[Served]:
    """The product, served as `make run` serves it."""
    settings = Settings.from_environment(environ)
    with _running(web_server(settings, environ)) as child:
        wait_until_ready(settings.port, [child], print)
        yield Served(settings.port, child.process.pid)


@contextmanager
def floor(environ: Mapping[str, str], address: str) -> Iterator[Served]:
    """The floor on the same server with the same options."""
    own = {**environ, "FLOOR_DATABASE": address, "PORT": str(free_port())}
    settings = Settings.from_environment(own)
    program = web_server(settings, own)
    log = settings.home / "logs" / "floor.log"
    argv = [*program.argv[:-1], "bench.floor.app:app"]
    with _running(replace(program, name="floor", argv=argv, log=log)) as child:
        _wait_until_open(settings.port, child)
        yield Served(settings.port, child.process.pid)


@contextmanager
def _running(program: Program) -> Iterator[Child]:
    with ExitStack() as closing:
        child = start(program)
        closing.callback(stop, [child], patience=STOP_SECONDS)
        yield child


def _wait_until_open(port: int, child: Child) -> None:
    """The floor has no way to say that it is ready but to answer."""

    def is_open() -> bool:
        child.require_running()
        with socket.socket() as probe:
            return probe.connect_ex((HOST, port)) == 0

    wait_until(is_open, START_SECONDS)
