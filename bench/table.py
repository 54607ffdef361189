"""The table of results, for a terminal and for the page: ratios first, they are what counts."""

from collections.abc import Sequence
from statistics import median

from bench.measuring import Result

USERS = ("server", "database", "client")
HEADINGS = (
    *("job", "product ÷ floor", "goal", "by processor", "product/s", "floor/s", "p50 ms", "p95 ms"),
    *("server ms", "database ms", "client ms", "statements"),
)


def lines_of(results: Sequence[Result]) -> list[str]:
    """A Markdown table, a row a job."""
    rows = [HEADINGS, *map(_row, results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    shown = [_line(row, widths) for row in rows]
    ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return [shown[0], ruler, *shown[1:]]


def growth_lines(smallest: Sequence[Result], largest: Sequence[Result]) -> list[str]:
    """How much more a job costs in the larger database: measured against the floor in both."""
    found = {result.job.name: result for result in smallest}
    return [
        f"| {result.job.title} | ×{found[result.job.name].ratio / result.ratio:.2f} |"
        for result in largest
        if result.job.name in found
    ]


def _row(result: Result) -> tuple[str, ...]:
    goal = result.job.goal
    reached = "" if goal is None else f"≥ {goal:.2f} {'✓' if result.ratio >= goal else '✗'}"
    rates = (result.typical("rate"), median(each.rate for each in result.floor))
    used = [median(each.used[name] for each in result.product) for name in USERS]
    times = (result.typical("median"), result.typical("slowest_twentieth"), *used)
    return (
        result.job.title,
        f"**{result.ratio:.2f}** of ({result.job.floor})",
        reached,
        f"{result.processor_ratio:.2f}",
        *(f"{rate:.0f}" for rate in rates),
        *(f"{time:.2f}" for time in times),
        str(result.statements),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return (
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
    )
