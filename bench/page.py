"""docs/performance.md: the figures with their day, the machine and the versions behind them."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from app import clock
from bench.driving import CONNECTIONS, Span
from bench.measuring import Result
from bench.table import growth_table, table

PACKAGES = ("granian", "Flask", "flask-smorest", "SQLAlchemy", "psycopg", "orjson")
NOTES = "## Notes"
"""From this heading on the page is written by people, and stays."""

METHOD = """\
Written by `make bench-record`; `make bench` only prints. Absolute figures drift by a factor of two
on shared machines, so what counts is **product ÷ floor**, the floor driven right before the product
in every round, by the same client, on the same web server with the same options and on the same
PostgreSQL (`fsync` and `synchronous_commit` on). The floor is `bench/floor/app.py`: Flask and
psycopg with one indexed SELECT of 25 rows (iii), or one transaction of three INSERTs (iv), without
log-in, rights, checks or anything else. Ratios are medians of the rounds.

The data are lives of tickets over 400 days, decided by the product's own rules and told of many
tickets each, with every row that the product writes: `tests/bench` leads each kind of life through
the product and compares row by row. About one ticket in eight is open. Every answer is checked:
the 25 tickets of the queue and their order, the ticket and its records, the new number and what
stands in the database afterwards, the new status, the report against a count of its own.

"By processor" is the floor's processor time ÷ the product's, server and PostgreSQL together: it
hardly moves when others use the machine. Milliseconds behind it are per job. Statements are those
of one request whose caller is remembered; BEGIN and COMMIT, which writing requests add, not among
them."""


@dataclass(frozen=True, slots=True)
class Record:
    """What was measured, by size, and how: rounds of a span each; the version of PostgreSQL."""

    results: Mapping[int, Sequence[Result]]
    rounds: int
    span: Span
    postgresql: str


def write_page(path: Path, record: Record) -> None:
    """Write the page anew, but for its notes."""
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    _, heading, notes = known.partition(NOTES)
    page = "\n".join(lines_of(record)) + "\n"
    path.write_text(page + (f"\n{heading}{notes}" if heading else ""), encoding="utf-8")


def lines_of(record: Record) -> list[str]:
    """The page without its notes."""
    lines = ["# Performance", "", METHOD, "", *_circumstances(record)]
    for size, found in record.results.items():
        lines += ["", f"## {size:,} tickets", "", *table(found)]
    return lines + growth(record.results)


def growth(results: Mapping[int, Sequence[Result]]) -> list[str]:
    """What the jobs cost in the largest database, compared with the smallest; if there are two."""
    if len(results) < 2:
        return []
    sizes = sorted(results)
    heading = f"## Growth from {sizes[0]:,} to {sizes[-1]:,} tickets"
    return ["", heading, "", *growth_table(results[sizes[0]], results[sizes[-1]])]


def _circumstances(record: Record) -> list[str]:
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return [
        f"- Day: {clock.real():%Y-%m-%d}; {record.rounds} rounds of {record.span.counted:g} s",
        f"- Machine: {os.cpu_count()} processors ({_processor()}), {memory:.0f} GiB, Linux",
        f"- Python {platform.python_version()}, PostgreSQL {record.postgresql}, {packages}",
        f"- {CONNECTIONS} connections, 2 server processes of 8 threads; all on this one machine",
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
