"""Years without a list are computed from the days that the law names."""

import json

import pytest

from app.domain.statutory_days import LUNAR_DAYS, provisional_year
from app.domain.work_years import read_years
from tests.domain.calendars import SHIPPED


def test_the_shipped_provisional_year_is_what_is_computed():
    shipped, computed = (
        read_years({"2027": row}) for row in (SHIPPED["years"]["2027"], provisional_year(2027))
    )
    assert shipped == computed
    assert json.dumps(provisional_year(2027))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_official_lists_hold_every_day_of_the_law(year):
    official = read_years({str(year): SHIPPED["years"][str(year)]})[year]
    fixed = read_years({str(year): provisional_year(year)})[year].holidays
    assert fixed <= official.holidays


@pytest.mark.parametrize("year", LUNAR_DAYS)
def test_thirteen_days_a_year(year):
    assert 11 <= len(provisional_year(year)["holidays"]) <= 13


def test_beyond_the_table_the_fixed_days_are_left():
    assert provisional_year(2050)["holidays"] == [
        *("2050-01-01", "2050-04-04", "2050-05-01"),
        *("2050-05-02", "2050-10-01", "2050-10-02", "2050-10-03"),
    ]
