"""Office hours by the published examples; 2026-06-05 is a Friday."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.work_calendar import LOCAL_ZONE, Interval, UnknownCalendarYear, WorkYear
from tests.domain.calendars import CALENDAR, NIGHT_SHIFT, SHIPPED, local

MINUTE = 60
HOUR = 60 * MINUTE


@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248), (2027, 254)])
def test_working_days_in_a_year(year, expected):
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    assert sum(CALENDAR.is_workday(day) for day in days if day.year == year) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-01-26", True),  # Sunday worked before the Spring Festival
        ("2025-02-08", True),
        ("2025-04-27", True),
        ("2025-09-28", True),
        ("2025-10-11", True),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2024-02-09", True),  # New Year's Eve was no holiday yet
        ("2025-01-28", False),  # since 2025 it is
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-08", True),
        ("2026-06-06", False),
        ("2026-06-07", False),
        ("2026-06-08", True),
    ],
)
def test_holidays_and_moved_workdays(day, expected):
    assert CALENDAR.is_workday(date.fromisoformat(day)) is expected


def test_the_provisional_year_has_the_statutory_days_and_no_moved_ones():
    off = {"01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02"}
    off |= {"06-09", "09-15", "10-01", "10-02", "10-03"}
    expected = frozenset(date.fromisoformat(f"2027-{day}") for day in off)
    assert CALENDAR.years[2027] == WorkYear(True, expected, frozenset())
    assert [CALENDAR.years[year].is_provisional for year in (2024, 2025, 2026)] == [False] * 3
    assert set(SHIPPED["years"]) == {"2024", "2025", "2026", "2027"}


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-06-05 16:30", 2 * HOUR, "2026-06-08 09:30"),  # Friday afternoon
        ("2026-06-05 11:50", 20 * MINUTE, "2026-06-05 13:40"),  # over lunch
        ("2026-06-05 11:50", 10 * MINUTE, "2026-06-05 12:00"),  # just fills the morning
        ("2026-06-05 16:30", HOUR, "2026-06-05 17:30"),
        ("2026-06-06 10:00", MINUTE, "2026-06-08 08:31"),  # submitted on Saturday
        ("2026-06-05 12:00", MINUTE, "2026-06-05 13:31"),
        ("2026-06-05 20:00", 7 * HOUR + 1800, "2026-06-08 17:30"),
        ("2026-06-05 08:30:59", 1, "2026-06-05 08:31"),
        ("2025-12-31 17:00", HOUR, "2026-01-04 09:00"),  # New Year, back on a worked Sunday
        ("2026-06-30 17:00", HOUR, "2026-07-01 09:00"),
        ("2026-02-28 17:00", HOUR, "2026-03-02 09:00"),  # worked Saturday, month end
        ("2024-02-29 17:00", HOUR, "2024-03-01 09:00"),
        ("2026-02-13 17:00", HOUR, "2026-02-14 09:00"),
        ("2026-06-05 09:30", 0, "2026-06-05 09:30"),
        ("2026-06-06 09:30", 0, "2026-06-06 09:30"),
        ("2026-06-08 09:30", -2 * HOUR, "2026-06-05 16:30"),
        ("2026-06-05 13:40", -20 * MINUTE, "2026-06-05 11:50"),
        ("2026-06-05 13:40", -10 * MINUTE, "2026-06-05 13:30"),
        ("2026-06-08 09:30", -HOUR, "2026-06-08 08:30"),
        ("2026-06-07 10:00", -MINUTE, "2026-06-05 17:29"),
    ],
)
def test_adding_working_seconds(start, seconds, expected):
    assert CALENDAR.add_seconds(local(start), seconds) == local(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-06-01 10:00", 5, "2026-06-08 17:30"),  # Monday + 5 = next Monday
        ("2026-06-05 16:30", 1, "2026-06-08 17:30"),
        ("2026-06-05 17:29:59", 1, "2026-06-08 17:30"),
        ("2026-06-05 17:30", 1, "2026-06-09 17:30"),  # closed: counts from Monday
        ("2026-06-06 10:00", 1, "2026-06-09 17:30"),
        ("2026-06-05 12:30", 1, "2026-06-08 17:30"),  # lunch is still Friday
        ("2026-06-05 07:00", 1, "2026-06-08 17:30"),
        ("2026-06-05 10:00", 0, "2026-06-05 17:30"),
        ("2026-02-13 10:00", 1, "2026-02-14 17:30"),  # worked Saturday
        ("2026-02-14 10:00", 1, "2026-02-24 17:30"),  # over the Spring Festival
        ("2025-12-31 10:00", 1, "2026-01-04 17:30"),
        ("2026-09-30 10:00", 5, "2026-10-13 17:30"),  # National Day with a worked Saturday
        ("2024-04-30 09:00", 30, "2024-06-14 17:30"),
    ],
)
def test_working_day_limits_end_at_closing_time(start, days, expected):
    assert CALENDAR.close_of_day(local(start), days) == local(expected)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-06-05 08:30", "2026-06-05 08:30"),
        ("2026-06-05 08:29:59", "2026-06-05 08:30"),
        ("2026-06-05 11:59:59", "2026-06-05 11:59:59"),
        ("2026-06-05 12:00", "2026-06-05 13:30"),
        ("2026-06-05 17:30", "2026-06-08 08:30"),
        ("2026-06-06 10:00", "2026-06-08 08:30"),
        ("2026-02-14 17:30", "2026-02-24 08:30"),
    ],
)
def test_opening_after(instant, expected):
    assert CALENDAR.opening_after(local(instant)) == local(expected)


def test_intervals_are_clipped_and_in_order():
    expected = [
        ("2026-06-05 11:50", "2026-06-05 12:00"),
        ("2026-06-05 13:30", "2026-06-05 17:30"),
        ("2026-06-08 08:30", "2026-06-08 09:30"),
    ]
    found = CALENDAR.intervals(local("2026-06-05 11:50"), local("2026-06-08 09:30"))
    assert found == [Interval(local(start), local(end)) for start, end in expected]
    assert [each.seconds for each in found] == [10 * MINUTE, 4 * HOUR, HOUR]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-06-05 12:00", "2026-06-05 13:30"),
        ("2026-06-05 17:30", "2026-06-08 08:30"),
        ("2026-06-05 10:00", "2026-06-05 10:00"),
        ("2026-06-05 11:00", "2026-06-05 10:00"),
        ("2026-06-08 11:00", "2026-06-05 10:00"),
    ],
)
def test_no_intervals_in_closed_or_turned_time(start, end):
    assert CALENDAR.intervals(local(start), local(end)) == []


def test_a_day_may_last_until_midnight():
    assert NIGHT_SHIFT.add_seconds(local("2026-06-04 23:00"), HOUR) == local("2026-06-05 00:00")
    assert NIGHT_SHIFT.add_seconds(local("2026-06-04 23:00"), HOUR + 1) == local(
        "2026-06-05 00:00:01"
    )
    assert NIGHT_SHIFT.close_of_day(local("2026-06-04 23:00"), 1) == local("2026-06-06 00:00")
    assert NIGHT_SHIFT.opening_after(local("2026-06-06 00:00")) == local("2026-06-08 00:00")
    week = local("2026-06-01 00:00"), local("2026-06-08 00:00")
    assert NIGHT_SHIFT.working_seconds(*week) == 5 * 12 * HOUR
    year_end = local("2027-12-31 23:00"), local("2028-01-01 00:00")
    assert NIGHT_SHIFT.working_seconds(*year_end) == HOUR
    assert NIGHT_SHIFT.add_seconds(year_end[0], HOUR) == year_end[1]


def test_results_are_local_and_instants_of_any_zone_are_taken():
    utc = datetime(2026, 6, 5, 8, 30, 0, 999_999, tzinfo=UTC)
    due = CALENDAR.add_seconds(utc, 2 * HOUR)
    assert due.isoformat() == "2026-06-08T09:30:00+08:00"
    assert due.tzinfo is LOCAL_ZONE
    assert CALENDAR.opening_after(utc).isoformat() == "2026-06-05T16:30:00+08:00"
    first = CALENDAR.intervals(utc, utc + timedelta(minutes=1))[0]
    assert first.start.isoformat() == CALENDAR.add_seconds(utc, 0).isoformat()
    assert first.start.isoformat() == "2026-06-05T16:30:00+08:00"


def test_a_naive_instant_is_a_mistake():
    with pytest.raises(ValueError, match="naive"):
        CALENDAR.opening_after(datetime(2026, 6, 5, 8, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("ask", "year"),
    [
        (lambda: CALENDAR.is_workday(date(2023, 12, 31)), 2023),
        (lambda: CALENDAR.is_workday(date(2028, 1, 1)), 2028),
        (lambda: CALENDAR.opening_after(local("2028-01-01 00:00")), 2028),
        (lambda: CALENDAR.opening_after(local("2027-12-31 17:30")), 2028),
        (lambda: CALENDAR.opening_after(local("2023-12-31 23:59:59")), 2023),
        (lambda: CALENDAR.close_of_day(local("2027-12-31 10:00"), 1), 2028),
        (lambda: CALENDAR.add_seconds(local("2027-12-31 17:29"), 61), 2028),
        (lambda: CALENDAR.add_seconds(local("2024-01-02 08:31"), -61), 2023),
        (
            lambda: CALENDAR.working_seconds(
                local("2027-12-31 10:00"), local("2028-01-01 00:00:01")
            ),
            2028,
        ),
        (lambda: CALENDAR.intervals(local("2023-12-31 10:00"), local("2024-01-02 10:00")), 2023),
        (
            lambda: CALENDAR.is_provisional_between(
                local("2027-12-31 10:00"), local("2028-01-03 10:00")
            ),
            2028,
        ),
    ],
)
def test_a_year_without_a_list_is_an_error(ask, year):
    with pytest.raises(UnknownCalendarYear, match=f"{year} 年") as caught:
        ask()
    assert (caught.value.year, caught.value.code) == (year, "unknown-calendar-year")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-12-31 10:00", "2026-12-31 17:30", False),
        ("2026-12-31 10:00", "2027-01-01 00:00", False),  # half-open
        ("2026-12-31 10:00", "2027-01-01 00:00:01", True),
        ("2027-01-01 00:00", "2027-01-01 00:00", True),
        ("2027-12-31 00:00", "2028-01-01 00:00", True),
        ("2024-01-01 00:00", "2027-06-01 00:00", True),
        ("2024-01-01 00:00", "2026-06-01 00:00", False),
    ],
)
def test_provisional(start, end, expected):
    assert CALENDAR.is_provisional_between(local(start), local(end)) is expected
