"""A calendar document is read whole or refused whole."""

from datetime import date, time

import pytest

from app.domain.work_calendar import BadCalendar, WorkCalendar, WorkYear

YEAR = {"status": "official", "holidays": ["2026-01-01..2026-01-03"], "workdays": ["2026-01-04"]}
DOCUMENT = {"periods": [["08:30", "12:00"], ["13:30", "24:00"]], "years": {"2026": YEAR}}


def test_a_document_is_read():
    calendar = WorkCalendar.from_document(7, DOCUMENT)
    assert calendar.version == 7
    assert calendar.periods == ((time(8, 30), time(12)), (time(13, 30), time(0)))
    holidays = frozenset(date(2026, 1, day) for day in (1, 2, 3))
    assert calendar.years == {2026: WorkYear(False, holidays, frozenset({date(2026, 1, 4)}))}


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [["12:00", "08:30"]],
        [["08:30", "08:30"]],
        [["13:30", "17:30"], ["08:30", "12:00"]],
        [["08:30", "12:00"], ["11:00", "17:30"]],
        [["08:30", "24:00"], ["22:00", "23:00"]],
        [["24:00", "24:00"]],
        [["08:30", "25:00"]],
        [["8:30", "12:00"]],
        [["08:30"]],
        [["08:30:30", "12:00"]],
        [[830, 1200]],
        None,
    ],
)
def test_bad_office_hours_are_refused(periods):
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, DOCUMENT | {"periods": periods})


@pytest.mark.parametrize(
    "change",
    [
        {"status": "guess"},
        {"holidays": ["2026-02-30"]},
        {"holidays": ["2026-01-03..2026-01-01"]},
        {"holidays": ["2025-12-31"]},
        {"workdays": ["2027-01-01"]},
        {"workdays": ["2026-01-03"]},
        {"workdays": None},
        {"holidays": [20260101]},
    ],
)
def test_bad_days_are_refused(change):
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, DOCUMENT | {"years": {"2026": YEAR | change}})


@pytest.mark.parametrize(
    "years",
    [
        {},
        [],
        {"next": YEAR},
        {"2026": {"status": "official"}},
        {
            "2026": YEAR,
            "2028": {"status": "official", "holidays": [], "workdays": []},
        },
    ],
)
def test_bad_or_missing_years_are_refused(years):
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, DOCUMENT | {"years": years})
    with pytest.raises(BadCalendar):
        WorkCalendar.from_document(1, {"years": years})
