"""Sums of working time, against a counter that walks minute by minute."""

from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar
from tests.domain.calendars import CALENDAR, NIGHT_SHIFT, SHIPPED

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
A_WORKDAY = (datetime(2026, 6, 1, tzinfo=LOCAL_ZONE), datetime(2026, 6, 2, tzinfo=LOCAL_ZONE))


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def calendars(draw) -> WorkCalendar:
    """The shipped days with the shipped hours or any others, down to one minute a day."""
    count = draw(st.integers(1, 3))
    edges = draw(
        st.lists(st.integers(0, DAY_MINUTES), min_size=2 * count, max_size=2 * count, unique=True)
    )
    texts = [clock_text(edge) for edge in sorted(edges)]
    periods = list(zip(texts[::2], texts[1::2], strict=True))
    invented = WorkCalendar.from_document(3, SHIPPED | {"periods": periods})
    return draw(st.sampled_from([CALENDAR, NIGHT_SHIFT, invented]))


minutes_of_years = st.integers(0, 3 * 365 * DAY_MINUTES).map(
    lambda minute: datetime(2024, 6, 1, tzinfo=LOCAL_ZONE) + minute * MINUTE
)
instants = st.builds(
    lambda minute, second: minute + timedelta(seconds=second), minutes_of_years, st.integers(0, 59)
)
spans = st.integers(0, 12 * DAY_MINUTES)
amounts = st.integers(-300_000, 300_000)


def scaled(calendar: WorkCalendar, seconds: int) -> int:
    """As many days as `seconds` are with usual hours: short days reach beyond no known year."""
    return seconds * calendar.working_seconds(*A_WORKDAY) // (8 * 3600)


def is_worked(calendar: WorkCalendar, minute: datetime) -> bool:
    """Does office time cover the minute that begins here? Straight from the rule."""
    year = calendar.years[minute.year]
    day = minute.date()
    is_weekday = minute.isoweekday() <= 5
    if day in year.holidays or (not is_weekday and day not in year.workdays):
        return False
    periods = [(opens, closes) for opens, closes in calendar.periods if opens <= minute.time()]
    return any(closes > minute.time() or closes == time() for _, closes in periods)


@given(calendars(), minutes_of_years, spans)
def test_working_seconds_agree_with_a_minute_counter(calendar, start, minutes):
    counted = sum(is_worked(calendar, start + number * MINUTE) for number in range(minutes))
    end = start + minutes * MINUTE
    assert calendar.working_seconds(start, end) == 60 * counted
    assert calendar.working_seconds(end, start) == -60 * counted
    assert sum(each.seconds for each in calendar.intervals(start, end)) == 60 * counted


@given(calendars(), minutes_of_years, st.integers(1, 600))
def test_adding_minutes_agrees_with_a_minute_counter(calendar, start, minutes):
    end = calendar.add_seconds(start, 60 * minutes)
    last = end - MINUTE
    assert is_worked(calendar, last), "it ends with a worked minute"
    assert calendar.working_seconds(start, last) == 60 * (minutes - 1)


@given(calendars(), instants, amounts)
def test_adding_and_measuring_are_inverse(calendar, instant, seconds):
    seconds = scaled(calendar, seconds)
    assert calendar.working_seconds(instant, calendar.add_seconds(instant, seconds)) == seconds


@given(calendars(), instants, instants)
def test_measuring_and_adding_are_inverse_inside_office_hours(calendar, start, other):
    end = calendar.opening_after(other)
    seconds = calendar.working_seconds(start, end)
    reached = calendar.add_seconds(start, seconds)
    if seconds > 0:
        assert reached == end or calendar.opening_after(reached) == end
    elif seconds < 0:
        assert reached == end


@given(calendars(), instants, amounts, amounts)
def test_sums_of_one_direction_compose(calendar, instant, first, second):
    first, second = scaled(calendar, first), scaled(calendar, second)
    if first * second > 0:
        stepwise = calendar.add_seconds(calendar.add_seconds(instant, first), second)
        assert stepwise == calendar.add_seconds(instant, first + second)


@given(calendars(), instants, instants, instants)
def test_measures_add_up(calendar, first, second, third):
    whole = calendar.working_seconds(first, third)
    parts = calendar.working_seconds(first, second) + calendar.working_seconds(second, third)
    assert whole == parts


@given(calendars(), instants, instants)
def test_intervals_are_apart_in_order_and_inside(calendar, first, second):
    start, end = sorted((first, second))
    found = calendar.intervals(start, end)
    assert all(start <= each.start < each.end <= end for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert sum(each.seconds for each in found) == calendar.working_seconds(start, end)


@given(calendars(), instants)
def test_the_next_opening_is_the_first_worked_minute(calendar, instant):
    opening = calendar.opening_after(instant)
    assert instant <= opening
    assert is_worked(calendar, opening.replace(second=0))
    assert calendar.working_seconds(instant, opening) == 0


@given(calendars(), instants, st.integers(0, 30))
def test_day_limits_count_working_days(calendar, instant, days):
    due = calendar.close_of_day(instant, days)
    last, first = (due - MINUTE).date(), calendar.opening_after(instant).date()
    span = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    assert sum(calendar.is_workday(day) for day in span) == days
    assert calendar.is_workday(last)
    midnight = datetime.combine(last + timedelta(days=1), time(), LOCAL_ZONE)
    assert calendar.working_seconds(due, midnight) == 0
    assert is_worked(calendar, due - MINUTE)
