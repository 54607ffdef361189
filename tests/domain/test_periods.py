"""统计时段: local days, half open, cut at months; and the instant that figures are told at."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.domain.periods import Period, told_at
from app.domain.work_calendar import LOCAL_ZONE

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
NOON = datetime(2026, 6, 20, 12, 0, tzinfo=LOCAL_ZONE)


def pointer(function, *args, **given_by_name):
    with pytest.raises(InvalidInput) as refused:
        function(*args, **given_by_name)
    [error] = refused.value.errors
    return error.pointer


def test_a_period_begins_and_ends_at_local_midnight():
    assert JUNE.starts_at == datetime(2026, 5, 31, 16, 0, tzinfo=UTC)
    assert JUNE.ends_at == datetime(2026, 6, 30, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("end", [date(2026, 6, 1), date(2026, 5, 1), date(2029, 6, 4)])
def test_empty_backward_and_overlong_periods_are_refused(end):
    assert pointer(Period, date(2026, 6, 1), end) == "/to"


def test_three_years_are_allowed_leap_day_and_all():
    assert Period(date(2027, 3, 1), date(2030, 3, 1)).end == date(2030, 3, 1)
    assert Period(date(2028, 2, 29), date(2031, 3, 1)).end == date(2031, 3, 1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 1095))
def test_months_cover_the_period_without_gap_or_overlap(first, length):
    period = Period(first, first + timedelta(days=length))
    months = list(period.months())
    assert (months[0].first, months[-1].end) == (period.first, period.end)
    for part, following in pairwise(months):
        assert part.end == following.first
        assert following.first.day == 1
    assert all((part.end - timedelta(days=1)).month == part.first.month for part in months)


def test_without_a_cut_off_things_are_told_as_of_now():
    assert told_at(None, JUNE, at=NOON) == NOON


def test_a_cut_off_is_the_last_second_of_its_local_day_but_never_to_come():
    assert told_at(date(2026, 6, 5), JUNE, at=NOON) == datetime(
        2026, 6, 5, 23, 59, 59, tzinfo=LOCAL_ZONE
    )
    assert told_at(date(2026, 6, 20), JUNE, at=NOON) == NOON


@pytest.mark.parametrize("until", [date(2026, 5, 31), date(2026, 6, 21)])
def test_a_cut_off_lies_in_the_past_of_the_period(until):
    assert pointer(told_at, until, JUNE, at=NOON) == "/as_of"


def test_today_is_the_local_day():
    just_after_midnight = datetime(2026, 6, 20, 16, 30, tzinfo=UTC)
    assert told_at(date(2026, 6, 21), JUNE, at=just_after_midnight) == just_after_midnight
