"""第三幕: the closure report, its figures checked against what the story did.

Every run has a day of its own, on which nobody else accepts anything; figures are compared as
differences all the same, so that whatever else is on that day does no harm.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tools.demo.people import Ticket
from tools.demo.stage import Stage, require
from tools.welcome import width

GROUPS = {"area": "区划", "organisation": "单位", "category": "类别", "month": "月份"}
BOTH = {"accepted": 2, "completed": 1, "withdrawn": 0}
COHORT = BOTH | {
    "archived": 1,
    "pending": 1,
    "overdue_open": 1,
    "completion_rate.numerator": 1,
    "completion_rate.denominator": 2,
    "completion_rate.pending": 1,
    "timely_completion_rate.numerator": 1,
    "timely_completion_rate.denominator": 2,
    "timely_assignment_rate.numerator": 1,
    "timely_assignment_rate.denominator": 2,
    "first_round_rate.numerator": 1,
    "first_round_rate.denominator": 1,
    "resolution_rate.numerator": 1,
    "resolution_rate.denominator": 1,
    "revisit_rate.numerator": 1,
    "revisit_rate.denominator": 1,
    "effective_revisit_rate.numerator": 1,
    "effective_revisit_rate.denominator": 1,
    "reached_rate.numerator": 1,
    "reached_rate.denominator": 1,
    "satisfaction_rate.numerator": 1,
    "satisfaction_rate.denominator": 1,
}
PERIOD = BOTH | {
    "submitted": 2,
    "refused": 0,
    "acceptance_rate.numerator": 2,
    "acceptance_rate.denominator": 2,
    "satisfaction_rate.numerator": 1,
    "satisfaction_rate.denominator": 1,
}
"""What the two acts add: by cohort all of it, by period what no passing of time can change."""

OLDEST_MINUTES = 2
"""So old may be what a report tells; after that it has to know of the last act."""

PARTS = ("numerator", "denominator", "pending")
SHOWN = ("completion_rate", "timely_completion_rate", "resolution_rate", "satisfaction_rate")
Report = Mapping[str, Any]
Figures = Counter[str]


@dataclass(frozen=True, slots=True)
class Reports:
    """The report of one day, by every grouping, by cohort and by period."""

    by_cohort: Mapping[str, Report]
    by_period: Mapping[str, Report]


@dataclass(frozen=True, slots=True)
class Played:
    """The two tickets of the story."""

    answered: Ticket
    overdue: Ticket

    def places(self, group: str) -> tuple[str, str]:
        """The keys of the groups of the answered ticket and of the overdue one."""
        return PLACES[group](self.answered), PLACES[group](self.overdue)


def _lead(ticket: Ticket) -> str:
    [unit] = [part["organisation_id"] for part in ticket["assignments"] if part["role"] == "lead"]
    return str(unit)


PLACES: Mapping[str, Callable[[Ticket], str]] = {
    "area": lambda ticket: str(ticket["area_code"])[:6].ljust(12, "0"),
    "organisation": _lead,
    "category": lambda ticket: str(ticket["category"]["code"]),
    "month": lambda ticket: str(ticket["accepted_at"])[:7],
}
"""Where the report has to count a ticket; the story's enterprises are in counties."""


def read(stage: Stage, day: date) -> Reports:
    """The reports of what was accepted, or happened, on `day`, as a supervisor gets them."""
    supervisor = stage.town["demo-supervisor"]
    span = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()}

    def asked(cohort: str) -> dict[str, Report]:
        return {
            group: supervisor.get("/reports/closure", group_by=group, cohort=cohort, **span)
            for group in GROUPS
        }

    return Reports(asked("true"), asked("false"))


def play(stage: Stage, before: Reports, day: date, played: Played) -> None:
    """Read the reports again; what was added must be what was done, in every grouping."""
    stage.heading("第三幕 办结情况报表")
    stage.let_pass(minutes=OLDEST_MINUTES + 1)
    after = read(stage, day)
    _compare(before.by_cohort, after.by_cohort, COHORT, "同批跟踪")
    _compare(before.by_period, after.by_period, PERIOD, "按期统计")
    for group in GROUPS:
        _compare_groups(before.by_cohort[group], after.by_cohort[group], played)
    report = after.by_cohort["organisation"]
    supervisor = stage.town["demo-supervisor"]
    stage.tell(f"查看 {day} 受理的诉求的办结情况，按主办单位分组：", supervisor)
    stage.show(_table(report))
    listed = supervisor.each("/tickets", **report["totals"]["tickets"]["accepted_at"])
    numbers = {played.answered["number"], played.overdue["number"]}
    missing = numbers - {ticket["number"] for ticket in listed}
    require(not missing, f"报表数字背后的诉求清单缺少 {missing}")
    stage.tell("报表增加的数字与前两幕所做的一致，各组相加等于合计，每个数字都能追到诉求。")


def _compare(
    before: Mapping[str, Report], after: Mapping[str, Report], expected: Mapping[str, int], how: str
) -> None:
    for group, name in GROUPS.items():
        added = _added(_figures(before[group]["totals"]), _figures(after[group]["totals"]))
        for key, number in expected.items():
            sentence = f"{how}、按{name}分组的 {key} 应增加 {number}，实际增加 {added[key]}"
            require(added[key] == number, sentence)
        for line in (after[group]["totals"], *after[group]["groups"]):
            check_rates(line)
        lines = map(_figures, after[group]["groups"])
        is_sum = sum(lines, Counter()) == +_figures(after[group]["totals"])
        require(is_sum, f"{how}、按{name}分组的各组相加应等于合计")


def _compare_groups(before: Report, after: Report, played: Played) -> None:
    """The answered ticket and the overdue one are counted where they belong."""
    places = played.places(after["group_by"])
    for key in set(places):
        added = _added(_line(before, key), _line(after, key))
        told = (added["accepted"], added["completed"])
        expected = (places.count(key), int(key == places[0]))
        sentence = f"{key} 组应增加受理、办结 {expected} 件，实际 {told}"
        require(told == expected, sentence)


def _line(report: Report, key: str) -> Figures:
    lines = [line for line in report["groups"] if line["key"] == key]
    return _figures(lines[0]) if lines else Counter()


def _added(before: Figures, after: Figures) -> Mapping[str, int]:
    return Counter({key: number - before[key] for key, number in after.items()})


def _figures(line: Report) -> Figures:
    """All numbers of a line, the parts of its rates among them."""
    figures: Figures = Counter(line["counts"])
    for key, rate in line["indicators"].items():
        for part in PARTS:
            figures[f"{key}.{part}"] = rate[part]
    return figures


def check_rates(line: Report) -> None:
    """Rates must be what they are made of, and unknown where there is nothing to divide by."""
    for key, rate in line["indicators"].items():
        whole = rate["denominator"]
        is_right = rate["rate"] == (rate["numerator"] / whole if whole else None)
        require(is_right, f"{key} 应为 {rate['numerator']}/{whole}，实际 {rate['rate']}")


def _table(report: Report) -> list[str]:
    names = {one["key"]: one["name"] for one in report["definitions"]}
    rows = [["主办单位", "受理", "办结", *(names[key] for key in SHOWN)]]
    for line in [*report["groups"], report["totals"]]:
        if line["counts"]["accepted"]:
            rates = [_rate(line["indicators"][key]) for key in SHOWN]
            counts = [str(line["counts"][key]) for key in ("accepted", "completed")]
            rows.append([line["name"], *counts, *rates])
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        for row in rows
    ]


def _rate(rate: Report) -> str:
    if rate["rate"] is None:
        return "–"
    return f"{rate['rate']:.0%}（{rate['numerator']}/{rate['denominator']}）"
