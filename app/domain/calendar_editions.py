"""发布工作日历: the next version of the document, made of the newest one and of what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import FieldError, InvalidInput
from app.domain.office_hours import (
    BadCalendar,
    check_periods,
    check_seasons,
    read_periods,
    read_seasons,
)
from app.domain.statutory_days import provisional_year
from app.domain.work_calendar import LOCAL_ZONE
from app.domain.work_years import check_years, read_days, read_years

ALARM_MONTH = 12
"""From the first of December on the list of the next year should be there (about November)."""


@dataclass(frozen=True, slots=True)
class LocalHours:
    """The office hours of an area (prefix, "" everywhere) in a season, as a document has them."""

    area: str
    first: str
    last: str
    periods: tuple[tuple[str, str], ...]

    def row(self) -> dict[str, Any]:
        """It as a row of `hours`."""
        periods = [list(period) for period in self.periods]
        return {"area": self.area, "from": self.first, "to": self.last, "periods": periods}


@dataclass(frozen=True, slots=True)
class Edition:
    """What a new version brings: the official list of a year, or office hours, or both.

    Days are "2027-01-01" or "2027-01-01..2027-01-03". `periods` are the hours of everywhere and of
    all the year, `hours` those of areas and seasons; each replaces what stood there, None keeps it.
    """

    source: str
    year: int | None = None
    holidays: Sequence[str] = ()
    workdays: Sequence[str] = ()
    periods: Sequence[tuple[str, str]] | None = None
    hours: Sequence[LocalHours] | None = None


def next_document(newest: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """The document of the next version. Raises `InvalidInput`.

    Behind the last official year stands a provisional one, so that the calendar never ends there.
    """
    if edition.year is None and edition.periods is None and edition.hours is None:
        raise _wrong("/year", "required", "请给出一年的放假安排，或办公时间。")
    document: dict[str, Any] = {**newest, "source": edition.source}
    if edition.periods is not None:
        document["periods"] = [list(period) for period in edition.periods]
        _check("/periods", lambda: check_periods(read_periods(document["periods"])))
    if edition.hours is not None:
        document["hours"] = [row.row() for row in edition.hours]
        _check("/hours", lambda: check_seasons(read_seasons(document["hours"])))
    if edition.year is not None:
        document["years"] = _years(newest["years"], edition, edition.year)
    return document


def missing_year(document: Mapping[str, Any], *, at: datetime) -> int | None:
    """The year whose official list should be there by now and is not; None when all is well."""
    today = at.astimezone(LOCAL_ZONE)
    year = document["years"].get(str(today.year + 1))
    is_official = year is not None and year["status"] == "official"
    return None if is_official or today.month < ALARM_MONTH else today.year + 1


def _years(known: Mapping[str, Any], edition: Edition, number: int) -> dict[str, Any]:
    if not min(map(int, known)) <= number <= max(map(int, known)) + 1:
        raise _wrong("/year", "range", "只能发布已有的年份，或紧接其后的一年。")
    for name in ("holidays", "workdays"):
        _check_days(name, getattr(edition, name), number)
    official = {
        "status": "official",
        "source": edition.source,
        "holidays": list(edition.holidays),
        "workdays": list(edition.workdays),
    }
    years = {**known, str(number): official}
    last = max(map(int, years))
    if years[str(last)]["status"] == "official":
        years[str(last + 1)] = provisional_year(last + 1)
    _check("/holidays", lambda: check_years(read_years(years)))
    return years


def _check_days(name: str, entries: Sequence[str], year: int) -> None:
    """Refuse what is no day of the year; and a moved workday that is no day of a weekend."""
    for index, entry in enumerate(entries):
        pointer = f"/{name}/{index}"
        try:
            days = read_days([entry])
        except ValueError:
            raise _wrong(pointer, "day", "应为日期，或“起..止”的日期段。") from None
        if any(day.year != year for day in days):
            raise _wrong(pointer, "other-year", f"应为 {year} 年的日期。")
        if name == "workdays" and any(day.weekday() < 5 for day in days):
            raise _wrong(pointer, "weekday", "调休上班的日期应为周六或周日。")


def _check(pointer: str, check: Any) -> None:
    try:
        check()
    except BadCalendar as problem:
        raise _wrong(pointer, problem.code, str(problem)) from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise _wrong(pointer, BadCalendar.code, f"无法识别：{problem}") from problem


def _wrong(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError(pointer, code, detail)])
