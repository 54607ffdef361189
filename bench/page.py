"""docs/performance.md: the figures with their date, the machine and the versions behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.measuring import Result
from bench.table import lines_of


def write_page(path: Path, results: Mapping[int, Sequence[Result]]) -> None:
    """Write the page anew."""
    path.write_text("\n".join(page_of(results)) + "\n", encoding="utf-8")


def page_of(results: Mapping[int, Sequence[Result]]) -> list[str]:
    """Its lines."""
    lines = ["# Performance", ""]
    for size, found in results.items():
        lines += [f"## {size:,} tickets", "", *lines_of(found), ""]
    return lines
