"""到某日为止: a day that somebody names, as a limit in working days from now."""

from datetime import date, datetime, timedelta

from app.domain.errors import FieldError, InvalidInput
from app.domain.limits import Limit, Unit
from app.domain.work_calendar import WorkCalendar


def limit_until(calendar: WorkCalendar, day: date, *, at: datetime) -> Limit:
    """The limit that, given at `at`, ends when `day` closes; what lies behind ends today."""
    opening = calendar.opening_after(at).date()
    ahead = (opening + timedelta(days=number) for number in range(1, (day - opening).days + 1))
    return Limit(sum(map(calendar.is_workday, ahead)), Unit.WORKING_DAYS)


def named_limit(
    calendar: WorkCalendar, day: date, most: int, pointer: str, *, at: datetime
) -> Limit:
    """The same for a day that has just been named, at most `most` working days away.

    Raises `InvalidInput` at `pointer` for one that is over, is not worked on, or lies too far.
    """
    if day < calendar.opening_after(at).date():
        raise InvalidInput([FieldError(pointer, "range", "日期应在今天之后。")])
    limit = limit_until(calendar, day, at=at)
    if limit.amount > most:
        detail = f"最迟不超过 {most} 个工作日。"
        raise InvalidInput([FieldError(pointer, "range", detail)])
    if not calendar.is_workday(day):
        raise InvalidInput([FieldError(pointer, "workday", "请选择一个工作日。")])
    return limit
