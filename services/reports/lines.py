"""How the report looks: definitions, and a line of counts and rates for each group.

A report has a hundred rates, so what every line has in common is found out once.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from app.domain.indicators import (
    PARTS,
    Attribution,
    Count,
    GroupBy,
    Indicator,
    counts_of,
    indicators_of,
    measure,
    part,
)
from app.domain.periods import Period
from services.reports.question import Question
from services.reports.sources import FIGURES
from services.reports.told import Figures, Told

REST: Mapping[GroupBy, str] = {
    GroupBy.AREA: "本级",
    GroupBy.ORGANISATION: "未派单或直接答复",
    GroupBy.CATEGORY: "未分类",
}
"""What belongs to no group is called so."""

LISTED: Mapping[Attribution, str] = {
    Attribution.SUBMITTED: "submitted",
    Attribution.ACCEPTED: "accepted",
    Attribution.COMPLETED: "completed",
}
"""The instants by which the list of tickets can be asked, and what its filters are called."""

NOTHING = (0,) * (len(FIGURES) + 1)


class Layout(NamedTuple):
    """Where the numbers of a line stand among the figures; what is always 0 stands behind them."""

    counts: tuple[tuple[str, int], ...]
    rates: tuple[tuple[str, int, int, int], ...]
    definitions: list[dict[str, Any]]


class Drawer:
    """Draws the lines of one report. `filters` narrow the list of tickets; None: no list."""

    def __init__(self, asked: Question, filters: Mapping[str, str] | None) -> None:
        self.asked, self.filters = asked, filters
        self.layout = layout(is_cohort=asked.is_cohort)

    def groups(self, told: Told) -> list[dict[str, Any]]:
        """A line for each group, and one for the rest where there is any."""
        if self.asked.group_by is GroupBy.MONTH:
            return self._months(told.figures)
        period, group_by = self.asked.period, self.asked.group_by.value
        lines = [
            self.line(key, name, told.figures.get(key), self._lists(period, {group_by: key}))
            for key, name in told.groups
        ]
        if None in told.figures:
            lines.append(self.line(None, REST[self.asked.group_by], told.figures[None], {}))
        return lines

    def total(self, figures: Figures) -> dict[str, Any]:
        """The line of all groups together."""
        sums = list(map(sum, zip(*figures.values(), strict=True)))
        return self.line(None, "合计", sums or None, self._lists(self.asked.period, {}))

    def _months(self, figures: Figures) -> list[dict[str, Any]]:
        return [
            self.line(
                f"{month.first:%Y-%m}",
                f"{month.first:%Y年%-m月}",
                figures.get(f"{month.first:%Y-%m}"),
                self._lists(month, {}),
            )
            for month in self.asked.period.months()
        ]

    def line(
        self, key: str | None, name: str, figures: Sequence[int] | None, lists: dict[str, Any]
    ) -> dict[str, Any]:
        """One line; `figures` None: nothing was counted."""
        numbers = (*figures, 0) if figures else NOTHING
        return {
            "key": key,
            "name": name,
            "counts": {name: numbers[place] for name, place in self.layout.counts},
            "indicators": {
                name: measure(numbers[numerator], numbers[denominator], numbers[pending])
                for name, numerator, denominator, pending in self.layout.rates
            },
            "tickets": lists,
        }

    def _lists(self, period: Period, filters: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The queries of the ticket list behind a line, by the instant that they are taken by."""
        if self.filters is None:
            return {}
        first, end = period.first.isoformat(), period.end.isoformat()
        return {
            by.value: {**self.filters, **filters, f"{name}_from": first, f"{name}_to": end}
            for by, name in LISTED.items()
            if not self.asked.is_cohort or by is Attribution.ACCEPTED
        }


@cache
def layout(*, is_cohort: bool) -> Layout:
    """The layout of reports by cohort, or by period."""
    places = {name: place for place, name in enumerate(FIGURES)}
    counts, rates = counts_of(is_cohort=is_cohort), indicators_of(is_cohort=is_cohort)
    shown: list[Count | Indicator] = [*counts, *rates]
    return Layout(
        counts=tuple((count.key, places[count.key]) for count in counts),
        rates=tuple((rate.key, *_parts(rate, places)) for rate in rates),
        definitions=[_definition(each, is_cohort=is_cohort) for each in shown],
    )


def _parts(rate: Indicator, places: Mapping[str, int]) -> tuple[int, int, int]:
    numerator, denominator, pending = (places.get(part(rate.key, name), -1) for name in PARTS)
    return numerator, denominator, pending


def _definition(each: Count | Indicator, *, is_cohort: bool) -> dict[str, Any]:
    return {
        "key": each.key,
        "name": each.name,
        "definition": each.definition,
        "pending": each.pending if isinstance(each, Indicator) else None,
        "attributed_by": Attribution.ACCEPTED if is_cohort else each.by,
    }
