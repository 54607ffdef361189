"""Hours by area and season, against a counter that walks minute by minute; and their documents."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_changes import changed_days
from app.domain.limits import Limit, Unit
from app.domain.sla import explain, pause, resume, start_clock
from app.domain.sla_clock import ClockKind
from app.domain.sla_explanation import Until
from app.domain.work_calendar import LOCAL_ZONE, BadCalendar, WorkCalendar
from tests.domain.calendars import CALENDAR, SHIPPED, local
from tests.domain.ladders import FULL, terms_of

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
TOWN, OTHER = "210302002000", "110101001000"

HOURS: list[dict[str, Any]] = [
    {"area": "", "from": "10-08", "to": "03-31", "periods": [["09:00", "12:00"]]},
    {
        "area": "2103",
        "from": "06-01",
        "to": "09-30",
        "periods": [["07:30", "11:30"], ["15:00", "18:00"], ["20:00", "24:00"]],
    },
    {"area": "210302", "from": "12-15", "to": "01-20", "periods": [["00:00", "02:00"]]},
]
DOCUMENT = SHIPPED | {"hours": HOURS}
HERE = WorkCalendar.from_document(1, DOCUMENT, TOWN)
THERE = WorkCalendar.from_document(1, DOCUMENT, OTHER)


def rule(minute: datetime, area: str) -> list[list[str]]:
    """The periods of the minute's day, straight from the rows: longest prefix, season, default."""
    of_year = f"{minute:%m-%d}"
    holding = [
        row
        for row in HOURS
        if area.startswith(row["area"])
        and (
            row["from"] <= of_year <= row["to"]
            if row["from"] <= row["to"]
            else of_year >= row["from"] or of_year <= row["to"]
        )
    ]
    longest = max(holding, key=lambda row: len(row["area"]), default={"periods": None})
    periods: list[list[str]] = longest["periods"] or SHIPPED["periods"]
    return periods


def is_worked(minute: datetime, area: str) -> bool:
    year, day = CALENDAR.years[minute.year], minute.date()
    if day in year.holidays or (minute.isoweekday() > 5 and day not in year.workdays):
        return False
    return any(opens <= f"{minute:%H:%M}" < closes for opens, closes in rule(minute, area))


places = st.sampled_from([(HERE, TOWN), (THERE, OTHER)])
edges = st.sampled_from(
    [
        *("2025-01-25", "2025-02-08", "2025-09-27", "2025-10-11", "2025-12-14", "2026-01-04"),
        *("2026-01-20", "2026-02-14", "2026-02-28", "2026-03-31", "2026-05-09", "2026-05-31"),
        *("2026-09-20", "2026-09-30", "2026-10-07", "2026-10-10", "2026-12-31"),
    ]
).map(lambda day: datetime.fromisoformat(day).replace(tzinfo=LOCAL_ZONE))
any_days = st.integers(0, 900).map(
    lambda day: datetime(2024, 7, 1, tzinfo=LOCAL_ZONE) + timedelta(days=day)
)
minutes = st.builds(
    lambda day, minute: day + minute * MINUTE, edges | any_days, st.integers(0, DAY_MINUTES)
)


@given(places, minutes, st.integers(0, 6 * DAY_MINUTES))
def test_working_time_agrees_with_a_minute_counter(place, start, length):
    calendar, area = place
    counted = sum(is_worked(start + number * MINUTE, area) for number in range(length))
    end = start + length * MINUTE
    assert calendar.working_seconds(start, end) == 60 * counted
    assert sum(each.seconds for each in calendar.intervals(start, end)) == 60 * counted


@given(places, minutes, st.integers(-15_000, 30_000))
def test_adding_and_measuring_are_inverse(place, start, amount):
    calendar, _ = place
    end = calendar.add_seconds(start, 60 * amount)
    assert calendar.working_seconds(start, end) == 60 * amount


@given(places, minutes)
def test_the_next_opening_is_the_first_worked_minute(place, start):
    calendar, area = place
    opening = calendar.opening_after(start)
    assert is_worked(opening, area)
    assert calendar.working_seconds(start, opening) == 0


@given(places, minutes, st.integers(1, 30))
def test_a_limit_in_days_ends_at_the_closing_of_its_last_day(place, start, days):
    calendar, area = place
    due = calendar.close_of_day(start, days)
    assert is_worked(due - MINUTE, area)
    midnight = datetime.combine((due - MINUTE).date() + timedelta(days=1), time(), LOCAL_ZONE)
    assert calendar.working_seconds(due, midnight) == 0


@given(places, minutes, st.integers(1, 3_000), st.integers(1, 5_000), st.integers(1, 5_000))
def test_the_listed_intervals_less_the_pauses_add_up_to_the_limit(place, start, amount, run, rest):
    calendar, area = place
    terms = terms_of(ClockKind.FINISH, Limit(amount, Unit.WORKING_MINUTES))
    clock = start_clock(terms, calendar, at=start)
    paused_at = start + run * MINUTE
    clock = pause(clock, calendar, at=paused_at)
    resumed_at = paused_at + rest * MINUTE
    told = explain(resume(clock, calendar, FULL, at=resumed_at), calendar, at=resumed_at)
    counted = sum(each.seconds for each in told.intervals)
    assert told.until is Until.DUE
    assert counted == min(60 * amount, told.total_minutes * 60)
    assert all(each.end <= paused_at or each.start >= resumed_at for each in told.intervals)
    assert all(is_worked(each.start, area) for each in told.intervals)


@pytest.mark.parametrize(
    ("calendar", "day", "opens"),
    [
        (HERE, "2026-06-01", 7),
        (HERE, "2026-10-08", 9),
        (HERE, "2026-05-06", 8),
        (HERE, "2026-12-15", 0),
        (HERE, "2026-01-20", 0),
        (HERE, "2026-01-21", 9),
        (THERE, "2026-06-01", 8),
        (THERE, "2026-12-15", 9),
    ],
)
def test_the_narrowest_area_decides_each_day_by_itself(calendar, day, opens):
    hours = calendar.hours_on(datetime.fromisoformat(day).date())
    assert hours[0][0].hour == opens


def test_places_with_the_same_hours_share_a_calendar():
    assert (HERE.area, THERE.area) == ("210302", "")
    assert WorkCalendar.from_document(1, DOCUMENT, "210303001000").area == "2103"


def test_an_early_document_has_no_seasons():
    assert WorkCalendar.from_document(1, SHIPPED, TOWN) == CALENDAR


@pytest.mark.parametrize(
    "row",
    [
        {"area": "210", "periods": [["08:30", "12:00"]]},
        {"area": "2103", "from": "02-30", "periods": [["08:30", "12:00"]]},
        {"area": "2103", "from": "13-01", "periods": [["08:30", "12:00"]]},
        {"area": "2103", "periods": []},
        {"area": "2103", "periods": [["12:00", "08:30"]]},
        {"area": "2103"},
        {"area": "2103", "from": "09-30", "to": "12-31", "periods": [["08:30", "12:00"]]},
        {"area": "2103", "from": "12-01", "to": "06-01", "periods": [["08:30", "12:00"]]},
    ],
)
def test_bad_hours_are_refused_wherever_they_are_for(row):
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, SHIPPED | {"hours": [HOURS[1], row]}, OTHER)


def test_an_official_year_never_follows_a_provisional_one():
    years = SHIPPED["years"] | {"2026": SHIPPED["years"]["2026"] | {"status": "provisional"}}
    years |= {"2027": SHIPPED["years"]["2027"] | {"status": "official"}}
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, SHIPPED | {"years": years})


def test_changed_days_are_those_with_other_hours_or_another_status():
    only_winter = WorkCalendar.from_document(2, SHIPPED | {"hours": HOURS[:1]})
    days = changed_days(CALENDAR, only_winter)
    assert all((day.month, day.day) >= (10, 8) or day.month <= 3 for day in days)
    assert local("2026-10-10 00:00").date() in days, "a moved workday"
    assert local("2026-10-11 00:00").date() not in days, "a Sunday"
    assert changed_days(CALENDAR, CALENDAR) == ()
