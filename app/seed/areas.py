"""The shipped areas: province to town of the whole country, villages of the demo city."""

import csv
import gzip
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain

from services.directory.areas import AreaEntry

SHIPPED = files("app.seed")


def shipped_areas() -> Iterator[AreaEntry]:
    """Every shipped area, the country first."""
    country = SHIPPED.joinpath("areas.csv.gz").read_bytes()
    villages = SHIPPED.joinpath("anshan_villages.csv").read_text(encoding="utf-8")
    lines = gzip.decompress(country).decode().splitlines()
    return chain(_entries(lines), _entries(villages.splitlines()))


def _entries(lines: list[str]) -> Iterator[AreaEntry]:
    for row in csv.DictReader(lines):
        yield AreaEntry(row["code"], row["name"], row["level"], row["parent_code"] or None)
