"""What a ladder may be: only rungs that somebody hears of, each higher one after the lower ones."""

from collections.abc import Iterator
from itertools import combinations

from app.domain.errors import FieldError, InvalidInput
from app.domain.ladder import Ladder
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import CARDS, CLIMBING, REMINDING, ClockKind, Rung

_PERCENTS = ("nudge_percent", "remind_percent", "yellow_percent")
_LATE_DAYS = ("order_days", "bulletin_days", "escalation_days")
_CLIMBED = ("nudge_percent", *_LATE_DAYS)
_REMINDED = ("remind_percent", "remind_after_days")

_SECONDS = {
    Unit.MINUTES: 60,
    Unit.WORKING_MINUTES: 60,
    Unit.DAYS: 86_400,
    Unit.WORKING_DAYS: 86_400,
}
"""What a limit lasts at least, for each of its unit."""


def check_ladder(kind: ClockKind, ladder: Ladder, limit: Limit | None) -> None:
    """Whether a clock of this kind can have the ladder; `limit` None: set when the clock starts.

    Percentages and days go upwards; a later rung needs no earlier one. Days since the start only
    where no card could come before them, and within the limit. Raises `InvalidInput` with a pointer
    to each number that cannot be, below `/ladder`.
    """
    errors = [*_unheard(kind, ladder), *_out_of_order(ladder), *_reminded_otherwise(ladder, limit)]
    if errors:
        raise InvalidInput(errors)


def _unheard(kind: ClockKind, ladder: Ladder) -> Iterator[FieldError]:
    for name in sorted(_missing(kind)):
        if getattr(ladder, name) is not None:
            yield _wrong(name, "no-such-rung", "这一种时限没有这一级。")


def _missing(kind: ClockKind) -> set[str]:
    """The rungs that a kind does not know."""
    missing = set() if kind in CLIMBING else set(_CLIMBED)
    if kind not in REMINDING:
        missing |= set(_REMINDED)
    if CARDS[kind]:
        missing |= {"remind_after_days"}
    return missing if Rung.YELLOW in CARDS[kind] else missing | {"yellow_percent"}


def _out_of_order(ladder: Ladder) -> Iterator[FieldError]:
    for rungs in (_PERCENTS, _LATE_DAYS):
        given = [(name, getattr(ladder, name)) for name in rungs]
        known = [(name, number) for name, number in given if number is not None]
        wrong = {after[0] for before, after in combinations(known, 2) if before[1] >= after[1]}
        for name in sorted(wrong, key=rungs.index):
            yield _wrong(name, "not-upwards", "须大于前面各级的数值。")


def _reminded_otherwise(ladder: Ladder, limit: Limit | None) -> Iterator[FieldError]:
    days = ladder.remind_after_days
    if days is None:
        return
    if ladder.remind_percent is not None:
        yield _wrong("remind_after_days", "one-reminder", "百分比和天数只填一项。")
    if limit is not None and days * 86_400 >= limit.amount * _SECONDS[limit.unit]:
        yield _wrong("remind_after_days", "beyond-limit", "须早于期限届满。")


def _wrong(name: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/ladder/{name}", code, detail)
