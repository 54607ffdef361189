"""The table of results, for a terminal and for the page: ratios first, they are what counts."""

from collections.abc import Sequence
from statistics import median

from bench.measuring import Result

USERS = ("server", "database", "client")
HEADINGS = (
    *("job", "product ÷ floor", "goal", "by processor", "product/s", "floor/s", "p50 ms", "p95 ms"),
    *("server ms", "database ms", "client ms", "statements"),
)


def table(results: Sequence[Result]) -> list[str]:
    """A row a job, as Markdown."""
    return _aligned([HEADINGS, *map(_row, results)])


def growth_table(smallest: Sequence[Result], largest: Sequence[Result]) -> list[str]:
    """How much dearer each job is in the larger database, the floor's own growth divided out."""
    rows = [
        (
            after.job.title,
            f"×{before.ratio / after.ratio:.2f}",
            f"×{before.processor_ratio / after.processor_ratio:.2f}",
        )
        for before, after in zip(smallest, largest, strict=True)
    ]
    return _aligned([("job", "growth (goal ≤ ×1.3)", "by processor"), *rows])


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


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return [lines[0], ruler, *lines[1:]]
