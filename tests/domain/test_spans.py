"""Spans of days: whatever is asked is covered once, by few; wider ones are made of finer ones."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.spans import DAY, MONTH, TENS, covering, cut_at_months, days_from, finer, runs, span

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
LENGTHS = st.integers(1, 1098)


@given(DAYS, LENGTHS)
def test_every_day_is_covered_once_and_no_other(first, length):
    days = [day.isoformat() for day in days_from(first, first + timedelta(length))]
    spans = covering(first, first + timedelta(length))
    around = days_from(first - timedelta(40), first + timedelta(length + 40))
    for day in (each.isoformat() for each in around):
        assert sum(day.startswith(each) for each in spans) == (day in days)


@given(DAYS)
def test_ninety_days_are_few_spans(first):
    assert len(covering(first, first + timedelta(90))) <= 26


def test_a_month_is_one_span_and_a_day_is_one():
    assert covering(date(2026, 2, 1), date(2026, 3, 1)) == ("2026-02",)
    assert covering(date(2026, 2, 9), date(2026, 2, 11)) == ("2026-02-09", "2026-02-10")
    assert covering(date(2026, 1, 30), date(2026, 2, 10)) == ("2026-01-3", "2026-02-0")


@given(DAYS, st.sampled_from([TENS, MONTH]))
def test_a_wider_span_is_made_of_finer_ones(day, width):
    whole = span(day, width)
    parts = finer([whole], width)
    assert all(part.startswith(whole) for part in parts)
    assert sum(day.isoformat().startswith(part) for part in parts) == 1
    assert {len(part) for part in parts} == {DAY if width == TENS else TENS}


@given(st.lists(DAYS, unique=True))
def test_runs_hold_the_days_and_stay_within_a_month(days):
    found = list(runs(sorted(days)))
    assert [day for run in found for day in days_from(*run)] == sorted(days)
    assert all(span(first, MONTH) == span(end - timedelta(1), MONTH) for first, end in found)


def test_a_stretch_is_cut_at_months():
    assert list(cut_at_months(date(2026, 1, 30), date(2026, 3, 2))) == [
        (date(2026, 1, 30), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 3, 1), date(2026, 3, 2)),
    ]
