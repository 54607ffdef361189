"""Years without a list are computed from the days that the law names."""

import json
from datetime import date, timedelta

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


FESTIVALS = {
    2024: ("02-10", "04-04", "06-10", "09-17"),
    2025: ("01-29", "04-04", "05-31", "10-06"),
    2026: ("02-17", "04-05", "06-19", "09-25"),
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
    2036: ("01-28", "04-04", "05-30", "10-04"),
}
"""春节, 清明, 端午, 中秋, computed apart from the product: by true new moons and the longitude of
the sun at 120° E (Meeus, Astronomical Algorithms, ch. 25 and 49), and by a published table."""


@pytest.mark.parametrize(("year", "days"), FESTIVALS.items())
def test_the_festivals_are_those_of_moon_and_sun(year, days):
    spring, *others = (date.fromisoformat(f"{year}-{day}") for day in days)
    free = read_years({str(year): SHIPPED["years"].get(str(year)) or provisional_year(year)})
    assert {spring, *others} <= free[year].holidays
    if year in LUNAR_DAYS:
        first_days = {spring + timedelta(days=number) for number in (-1, 0, 1, 2)}
        fixed = {date(year, month, day) for month, day in FIXED}
        computed = read_years({str(year): provisional_year(year)})[year].holidays
        assert computed == first_days | {*others} | fixed


FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


@pytest.mark.parametrize("year", LUNAR_DAYS)
def test_thirteen_days_a_year(year):
    assert 11 <= len(provisional_year(year)["holidays"]) <= 13


def test_beyond_the_table_the_fixed_days_are_left():
    assert provisional_year(2050)["holidays"] == [
        *("2050-01-01", "2050-04-04", "2050-05-01"),
        *("2050-05-02", "2050-10-01", "2050-10-02", "2050-10-03"),
    ]
