"""`python -m bench.imports`: a city's register imported, beside a bare COPY of the same rows.

Files drawn by the dice are imported by `flask import`, as the job does it, while somebody reads a
list; then the rows that came of it are copied into a table like theirs: with its columns, indexes,
checks and foreign keys. Every figure of one run is of one machine at one time: what counts is the
ratio.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from typing import Any, Self

import psycopg

from app.seed.areas import shipped_areas
from bench.import_files import write_text, write_workbook
from bench.import_rows import ENTERPRISES, HOUSEKEEPERS, enterprise_sheet, housekeeper_sheet
from bench.places import Server, database_server, folder, product, product_environment
from bench.preparing import CITY, on, prepare_city
from bench.tokens import bearer, log_in
from tools.ports import HOST

LIST = "/api/v1/enterprises?limit=25"
PAUSE = 0.05
USUAL_SECONDS = 15.0
COPIES = 3
MEBIBYTE_IN_KIBIBYTES = 1024
TABLE = "enterprises"
IMPORTED = """SELECT * FROM enterprises
WHERE import_batch_id = (SELECT max(id) FROM import_batches)"""
FOREIGN_KEYS = """SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f'"""
FILES = ("xlsx", "csv", "gbk.csv")


@dataclass(frozen=True, slots=True)
class Imported:
    """One run of the command: seconds, and the most memory its process had, in MiB."""

    seconds: float
    memory: float


class Reader:
    """Somebody who reads the list again and again, and how long each answer took, in ms."""

    def __init__(self, port: int, account: int) -> None:
        self._port, self._headers = port, bearer(account)
        self._ended = Event()
        self.lasted: list[float] = []
        self._thread = Thread(target=self._read)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def slowest_twentieth(self) -> float:
        """The 95th percentile."""
        return quantiles(self.lasted, n=20)[-1]

    def _read(self) -> None:
        connection = http.client.HTTPConnection(HOST, self._port)
        while not self._ended.wait(PAUSE):
            began = time.perf_counter()
            connection.request("GET", LIST, headers=self._headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{LIST}: {answer.status}")
            self.lasted.append((time.perf_counter() - began) * 1000)


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench.imports", description=__doc__)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    parser.add_argument("--housekeepers", type=int, default=HOUSEKEEPERS)
    parser.add_argument("--file", choices=FILES, default="xlsx")
    given = parser.parse_args()
    with folder(None) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        prepare_city(server, environ)
        with tempfile.TemporaryDirectory() as name:
            measure(server, on(environ, server, CITY), Path(name), given)
    return 0


def measure(
    server: Server, environ: Mapping[str, str], place: Path, given: argparse.Namespace
) -> None:
    """Write the files, import them beside a reader, copy the rows, print."""
    write_files(place, given)
    with server.open(CITY) as connection:
        account = _supervisor(connection)
        roster = run_import(environ, "housekeepers", place / "housekeepers.xlsx")
        connection.execute("VACUUM ANALYZE")
        with product(environ) as served:
            with Reader(served.port, account) as usual:
                time.sleep(USUAL_SECONDS)
            with Reader(served.port, account) as meanwhile:
                city = run_import(environ, "enterprises", place / f"enterprises.{given.file}")
        copied = copy_rate(connection)
    rows, rate = copied.rows, copied.rows / city.seconds
    say(f"housekeepers: {given.housekeepers:,} in {roster.seconds:.1f} s, {roster.memory:.0f} MiB")
    say(f"enterprises ({given.file}): {rows:,} in {city.seconds:.1f} s = {rate:,.0f}/s")
    say(f"bare COPY: {copied.rate:,.0f}/s; ratio {rate / copied.rate:.2f}")
    say(f"memory of the worker: {city.memory:.0f} MiB")
    before, during = usual.slowest_twentieth(), meanwhile.slowest_twentieth()
    say(
        f"list p95: {before:.1f} ms, during the import {during:.1f} ms, {during / before:.1f} times"
    )


def write_files(place: Path, given: argparse.Namespace) -> None:
    """Both registers of a city."""
    areas = city_areas()
    write_workbook(place / "housekeepers.xlsx", housekeeper_sheet(given.housekeepers, areas))
    sheet = enterprise_sheet(given.enterprises, given.housekeepers, areas)
    path = place / f"enterprises.{given.file}"
    if given.file == "xlsx":
        write_workbook(path, sheet)
    else:
        write_text(path, sheet, "gb18030" if given.file.startswith("gbk") else "utf-8-sig")


def city_areas() -> Sequence[str]:
    """The towns and villages of the city in which the register lies."""
    return [
        area.code
        for area in shipped_areas()
        if area.code.startswith("2103") and area.level in ("town", "village")
    ]


def run_import(environ: Mapping[str, str], kind: str, file: Path) -> Imported:
    """The command at the console: takes the file in and works it. Raises when it fails."""
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "import", kind, str(file)]
    began = time.perf_counter()
    with subprocess.Popen(argv, env=dict(environ), stdout=subprocess.PIPE, text=True) as worker:
        output = worker.stdout.read() if worker.stdout else ""
        _, status, usage = os.wait4(worker.pid, 0)
        worker.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if worker.returncode:
        raise RuntimeError(output)
    say(output.splitlines()[0])
    return Imported(seconds, usage.ru_maxrss / MEBIBYTE_IN_KIBIBYTES)


@dataclass(frozen=True, slots=True)
class Copied:
    """The imported rows, copied into a table like theirs: how many, and the best rate of some."""

    rows: int
    rate: float


def copy_rate(connection: psycopg.Connection[Any]) -> Copied:
    """Copy them several times."""
    with connection.cursor() as cursor:
        keys = [key for (key,) in cursor.execute(FOREIGN_KEYS, [TABLE]).fetchall()]
        with cursor.copy(f"COPY ({IMPORTED}) TO STDOUT") as out:
            lines = [bytes(part) for part in out]
        return Copied(len(lines), max(_copied(cursor, lines, keys) for _ in range(COPIES)))


def _copied(cursor: psycopg.Cursor[Any], lines: Sequence[bytes], keys: Sequence[str]) -> float:
    cursor.execute(f"DROP TABLE IF EXISTS like_{TABLE}")
    cursor.execute(f"CREATE TABLE like_{TABLE} (LIKE {TABLE} INCLUDING ALL)")
    for key in keys:
        cursor.execute(f"ALTER TABLE like_{TABLE} ADD {key}".encode())
    cursor.execute("CHECKPOINT")
    began = time.perf_counter()
    with cursor.copy(f"COPY like_{TABLE} FROM STDIN") as copy:
        for line in lines:
            copy.write(line)
    return len(lines) / (time.perf_counter() - began)


def _supervisor(connection: psycopg.Connection[Any]) -> int:
    found = connection.execute("SELECT id FROM accounts WHERE login = 'supervisor-city'").fetchone()
    if found is None:
        raise RuntimeError("the city has no supervisor")
    log_in(connection, "staff", [found[0]])
    account: int = found[0]
    return account


def say(text: str) -> None:
    """Tell the person at the terminal at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
