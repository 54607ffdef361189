"""督导指标: what is counted, how rates are formed, and by which instant each belongs to a period.

Source: domain.md, section 7. A rate without a denominator is unknown, never 100 %. Under ten cases
no one is ranked. What is not decided yet is shown as pending, beside the rate and not in it.
What two people have found unreasonable counts nowhere; what is suspended is open and not late.
What was tracked open is counted, but not for or against anybody's time; while it is, it is not
completed, and told by a count of its own, too.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SMALL = 10


class GroupBy(StrEnum):
    """分组."""

    AREA = "area"
    ORGANISATION = "organisation"
    CATEGORY = "category"
    MONTH = "month"


class Attribution(StrEnum):
    """归属时间: the instant by which a figure falls into a period."""

    SUBMITTED = "submitted_at"
    ACCEPT_DUE = "accept_due_at"
    ACCEPTED = "accepted_at"
    REFUSED = "refused_at"
    WITHDRAWN = "withdrawn_at"
    COMPLETED = "completed_at"
    FINISH_DUE = "finish_due_at"
    ASSIGNMENT_DUE = "assignment_due_at"
    ARCHIVED = "archived_at"
    REVISIT_DUE = "revisit_due_at"
    REVISITED = "revisited_at"
    RATED = "rated_at"
    WINDOW_END = "window_end_at"


@dataclass(frozen=True, slots=True)
class Count:
    """计数. One that can only be told of what was accepted stands in a cohort, too."""

    key: str
    name: str
    definition: str
    by: Attribution
    is_in_cohort: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """比率指标. `pending`: what will join it once it is decided; None where nothing waits."""

    key: str
    name: str
    numerator: str
    denominator: str
    by: Attribution
    pending: str | None = None
    is_in_cohort: bool = True

    @property
    def definition(self) -> str:
        return f"{self.numerator} ÷ {self.denominator}"


PARTS = ("numerator", "denominator", "pending")
"""The figures that an indicator is made of."""


COUNTS: tuple[Count, ...] = (
    Count(
        "submitted",
        "提交",
        "期内提交的诉求，含受理前撤回的",
        Attribution.SUBMITTED,
        is_in_cohort=False,
    ),
    Count("accepted", "受理", "期内受理的诉求", Attribution.ACCEPTED),
    Count(
        "tracked_open",
        "挂账跟踪",
        "期内受理的诉求中，到统计时刻挂账跟踪着的；计入办结率的分母，不算办结",
        Attribution.ACCEPTED,
    ),
    Count(
        "refused",
        "不予受理",
        "期内决定不予受理的诉求",
        Attribution.REFUSED,
        is_in_cohort=False,
    ),
    Count("withdrawn", "撤回", "期内撤回的诉求，含受理前撤回的", Attribution.WITHDRAWN),
    Count("completed", "办结", "最近一轮的答复在期内放行的诉求", Attribution.COMPLETED),
    Count("archived", "归档", "期内归档的诉求", Attribution.ARCHIVED),
    Count(
        "pending",
        "未办结",
        "期内提交，到统计时刻未办结、未撤回、未被不予受理的诉求",
        Attribution.SUBMITTED,
    ),
    Count(
        "overdue_open",
        "超期未办结",
        "未办结的诉求中，受理时限或办结时限已过的，不含挂账跟踪过的",
        Attribution.SUBMITTED,
    ),
)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "acceptance_rate",
        "受理率",
        "已受理的诉求",
        "期内提交的诉求，不含受理前撤回的",
        Attribution.SUBMITTED,
        pending="未决定是否受理的（计入分母）",
        is_in_cohort=False,
    ),
    Indicator(
        "timely_acceptance_rate",
        "按时受理率",
        "在受理时限内决定的诉求",
        "受理时限在期内、已决定或已超期的诉求，不含受理前撤回的",
        Attribution.ACCEPT_DUE,
        pending="未决定、时限未到的（不计入分母）",
        is_in_cohort=False,
    ),
    Indicator(
        "completion_rate",
        "办结率",
        "其中到统计时刻已办结、不在挂账跟踪的诉求",
        "期内受理的诉求",
        Attribution.ACCEPTED,
        pending="未办结、未撤回的（计入分母）",
    ),
    Indicator(
        "timely_completion_rate",
        "按时办结率",
        "在时限内办结的诉求",
        "最近一轮办结时限在期内、已办结或已超期的诉求，不含时限内撤回的和挂账跟踪过的",
        Attribution.FINISH_DUE,
        pending="未办结、时限未到的（不计入分母）",
    ),
    Indicator(
        "timely_assignment_rate",
        "主办单位按时率",
        "主办单位在本单位时限内办结的子工单",
        "主办时限在期内、已办结或已超期的子工单，不含时限内取消的和挂账跟踪过的",
        Attribution.ASSIGNMENT_DUE,
        pending="未办结、时限未到的（不计入分母）",
    ),
    Indicator(
        "first_round_rate",
        "一次办结率",
        "其中第一轮即归档的诉求",
        "期内归档的诉求",
        Attribution.ARCHIVED,
    ),
    Indicator(
        "resolution_rate",
        "解决率",
        "最近一轮回访确认已解决的",
        "期内回访到的",
        Attribution.REVISITED,
    ),
    Indicator(
        "reached_rate",
        "回访到达率",
        "回访到的",
        "期内有结果的回访，含多次未联系上的",
        Attribution.REVISITED,
    ),
    Indicator(
        "revisit_rate",
        "回访率",
        "其中拨打过的",
        "回访时限在期内、已拨打或已超期的必访和抽中的回访，不含时限内因重办不再进行的",
        Attribution.REVISIT_DUE,
        pending="未拨打、时限未到的（不计入分母）",
    ),
    Indicator(
        "effective_revisit_rate",
        "有效回访率",
        "其中回访到的",
        "回访时限在期内、拨打过的回访",
        Attribution.REVISIT_DUE,
        pending="拨打过、尚无结果的（计入分母）",
    ),
    Indicator(
        "satisfaction_rate",
        "满意率",
        "评价为基本满意及以上的",
        "期内的有效评价，以最后一次为准；未评价的、经裁定不予采信的不计",
        Attribution.RATED,
    ),
    Indicator(
        "rating_rate",
        "评价率",
        "其中作出评价的",
        "评价期在期内结束的诉求",
        Attribution.WINDOW_END,
        pending="评价期未满的（不计入分母）",
    ),
)


def counts_of(*, is_cohort: bool) -> list[Count]:
    """The counts that a report by period or by cohort shows."""
    return [count for count in COUNTS if count.is_in_cohort or not is_cohort]


def indicators_of(*, is_cohort: bool) -> list[Indicator]:
    """The rates that a report by period or by cohort shows."""
    return [rate for rate in INDICATORS if rate.is_in_cohort or not is_cohort]


def figure_names(*, is_cohort: bool) -> set[str]:
    """The names of all figures that such a report is made of."""
    rates = {part(rate.key, name) for rate in indicators_of(is_cohort=is_cohort) for name in PARTS}
    return rates | {count.key for count in counts_of(is_cohort=is_cohort)}


def measure(numerator: int, denominator: int, pending: int) -> dict[str, Any]:
    """An indicator's value as it is shown. `rate`: 0 to 1, None when there is nothing to divide by;

    `is_small`: too few cases to rank anybody by. A report has a hundred: no objects in between.
    """
    return {
        "numerator": numerator,
        "denominator": denominator,
        "rate": numerator / denominator if denominator else None,
        "is_small": denominator < SMALL,
        "pending": pending,
    }


def part(key: str, name: str) -> str:
    """The name of one figure of an indicator: its numerator, denominator or pending."""
    return f"{key}.{name}"
