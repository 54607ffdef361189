"""The report equals a recount from the events, however it is asked: the figures are not trusted."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.indicators import GroupBy, figure_names
from app.domain.periods import Period
from app.domain.work_calendar import LOCAL_ZONE
from app.models.ticket import Ticket
from services.reports.closure import report_closure
from services.reports.question import Question
from tests.applications import rolled_back
from tests.factories import make_account
from tests.services.reports.lively_city import NOW, live, make_city
from tests.services.reports.recount import recount, tell

TICKETS, SEED = 70, 20261123
PERIODS = [
    Period(date(2026, 5, 1), date(2026, 8, 1)),
    Period(date(2026, 6, 1), date(2026, 7, 1)),
    Period(date(2026, 6, 9), date(2026, 6, 12)),
    Period(date(2026, 7, 1), date(2027, 1, 1)),
]
KEYS = {
    GroupBy.AREA: lambda seen: county(seen.told.area),
    GroupBy.ORGANISATION: lambda seen: None if seen.unit is None else str(seen.unit),
    GroupBy.CATEGORY: lambda seen: seen.told.category,
    GroupBy.MONTH: lambda seen: f"{seen.at.astimezone(LOCAL_ZONE):%Y-%m}",
}


def county(area):
    return None if area[4:] == "00000000" else area[:6] + "000000"


@pytest.fixture(scope="module")
def city(app):
    with rolled_back(app):
        casts = make_city()
        live(casts, TICKETS, Random(SEED))
        yield casts


@pytest.fixture
def supervisor(city):
    return make_account(Role.SUPERVISOR, area_prefix="2103").actor


def told(prefix, as_of=NOW):
    query = sa.select(Ticket).where(Ticket.area_code.startswith(prefix))
    return [tell(ticket, as_of) for ticket in db.session.scalars(query)]


def flat(line):
    figures = Counter(line["counts"])
    for key, value in line["indicators"].items():
        figures |= {
            f"{key}.{name}": value[name] for name in ("numerator", "denominator", "pending")
        }
    return +figures


def instants(period):
    return period.starts_at, period.ends_at


def expected(tickets, asked, unit=None):
    names = figure_names(is_cohort=asked.is_cohort)
    figures = recount(
        tickets, instants(asked.period), KEYS[asked.group_by], is_cohort=asked.is_cohort, unit=unit
    )
    kept = {
        key: Counter({name: n for name, n in found.items() if name in names})
        for key, found in figures.items()
    }
    return {key: found for key, found in kept.items() if found}


def shown(report):
    return {line["key"]: flat(line) for line in report["groups"] if flat(line)}


def test_the_city_is_lively_enough_to_tell_anything(city):
    everything = sum(
        recount(told(""), instants(PERIODS[0]), lambda _: None, is_cohort=False).values(),
        Counter(),
    )
    assert figure_names(is_cohort=False) - everything.keys() == {
        "first_round_rate.pending",
        "resolution_rate.pending",
        "reached_rate.pending",
        "satisfaction_rate.pending",
        # By tests of its own: test_tracked_open.py.
        "tracked_open",
    }


@pytest.mark.parametrize("group_by", GroupBy)
@pytest.mark.parametrize("is_cohort", [False, True])
@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_figure_equals_the_recount(supervisor, group_by, is_cohort, period):
    asked = Question(period, group_by, is_cohort)
    report = report_closure(supervisor, asked, at=NOW)
    wanted = expected(told("2103"), asked)
    assert shown(report) == wanted
    assert flat(report["totals"]) == sum(wanted.values(), Counter())


@pytest.mark.parametrize("is_cohort", [False, True])
@pytest.mark.parametrize("until", [date(2026, 6, 3), date(2026, 6, 19), date(2026, 7, 20)], ids=str)
def test_a_past_cut_off_tells_how_things_stood_then(supervisor, is_cohort, until):
    asked = Question(PERIODS[0], GroupBy.CATEGORY, is_cohort, until)
    as_of = min(NOW, datetime.combine(until, time(23, 59, 59), LOCAL_ZONE))
    report = report_closure(supervisor, asked, at=NOW)
    assert report["as_of"] == as_of
    assert shown(report) == expected(told("2103", as_of), asked)


@pytest.mark.parametrize("prefix", ["21", "2103", "210302", "2104", "210302002"])
def test_other_areas_are_never_counted(city, prefix):
    actor = make_account(Role.SUPERVISOR, area_prefix=prefix).actor
    asked = Question(PERIODS[0], GroupBy.MONTH)
    assert shown(report_closure(actor, asked, at=NOW)) == expected(told(prefix), asked)


@pytest.mark.parametrize("group_by", [GroupBy.ORGANISATION, GroupBy.MONTH])
def test_a_unit_is_counted_on_what_it_leads(city, group_by):
    units = {cast.lead_unit.id: cast.unit_approver.actor for cast in city}
    asked = Question(PERIODS[0], group_by)
    for unit, approver in units.items():
        report = report_closure(approver, asked, at=NOW)
        assert shown(report) == expected(told(""), asked, unit)


def test_the_sums_agree_whatever_they_are_grouped_by(supervisor):
    for is_cohort in (False, True):
        totals = [
            flat(report_closure(supervisor, Question(PERIODS[1], by, is_cohort), at=NOW)["totals"])
            for by in GroupBy
        ]
        assert totals[0]
        assert totals == [totals[0]] * len(GroupBy)


def test_months_add_up_to_the_whole_and_days_to_the_month(supervisor):
    whole = Period(date(2026, 5, 1), date(2026, 8, 1))
    days = [
        Period(whole.first + timedelta(n), whole.first + timedelta(n + 1))
        for n in range((whole.end - whole.first).days)
    ]
    for parts in (list(whole.months()), days):
        reports = [
            report_closure(supervisor, Question(part, GroupBy.MONTH), at=NOW) for part in parts
        ]
        summed: Counter = sum((flat(report["totals"]) for report in reports), Counter())
        assert summed == flat(report_closure(supervisor, Question(whole), at=NOW)["totals"])
