"""The report from kept figures: when it is told from them, and that it is the same report."""

from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app import statements
from app.db import db
from app.domain.actor import Role
from app.domain.indicators import GroupBy
from app.domain.periods import Period
from app.models.closure_figures import ClosureCount, ClosureFigures
from services.reports import figures
from services.reports.closure import report_closure
from services.reports.question import Question
from services.reports.refresh import refresh
from services.reports.sources import FIGURES, column_of
from tests.applications import rolled_back
from tests.factories import make_account, make_ticket
from tests.services.reports.lively_city import NOW, live, make_city

SEED, TICKETS = 20261124, 40
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SUMMER = Period(date(2026, 5, 1), date(2026, 8, 1))
PERIODS = [SUMMER, Period(date(2026, 6, 9), date(2026, 7, 2)), Period(date(2025, 1, 1), NOW.date())]


@pytest.fixture(scope="module")
def city(app):
    with rolled_back(app):
        casts = make_city()
        live(casts, TICKETS, Random(SEED))
        refresh(NOW, at=NOW)
        yield casts


@pytest.fixture(autouse=True)
def undone(city):
    """What a test changes is undone after it."""
    with db.session.begin_nested() as changes:
        yield
        changes.rollback()
    db.session.expire_all()


def supervisor(prefix="2103"):
    return make_account(Role.SUPERVISOR, area_prefix=prefix).actor


def forget():
    """As if nobody had ever counted."""
    db.session.execute(sa.delete(ClosureCount))


def is_kept(actor, asked, at=NOW):
    return figures.counted_beforehand(actor, asked, at=at) is not None


@pytest.mark.parametrize("group_by", GroupBy)
@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("prefix", ["", "21", "2103", "210302", "2103Z0", "2104", "99"])
def test_the_report_is_the_same_either_way(group_by, period, prefix):
    actor, asked = supervisor(prefix), Question(period, group_by)
    assert is_kept(actor, asked)
    kept = report_closure(actor, asked, at=NOW)
    forget()
    assert not is_kept(actor, asked)
    assert kept == report_closure(actor, asked, at=NOW)


def test_it_is_told_as_of_the_last_count():
    actor, asked = supervisor(), Question(SUMMER)
    before = report_closure(actor, asked, at=NOW)
    make_ticket(at=NOW)
    later = report_closure(actor, asked, at=NOW + MINUTE)
    assert later == before
    assert later["as_of"] == NOW
    refresh(NOW, at=NOW + MINUTE)
    newest = report_closure(actor, asked, at=NOW + MINUTE)
    assert newest["as_of"] == NOW + MINUTE
    assert newest["totals"]["counts"]["submitted"] == before["totals"]["counts"]["submitted"] + 1


@pytest.mark.parametrize(
    ("later", "is_told"),
    [(0 * SECOND, True), (2 * MINUTE, True), (2 * MINUTE + SECOND, False), (-SECOND, False)],
)
def test_figures_that_are_old_or_of_another_time_are_not_told(later, is_told):
    assert is_kept(supervisor(), Question(SUMMER), NOW + later) is is_told
    report = report_closure(supervisor(), Question(SUMMER), at=NOW + later)
    assert report["as_of"] == (NOW if is_told else NOW + later)


def test_figures_by_other_definitions_are_not_told():
    db.session.execute(sa.update(ClosureCount).values(definitions="others"))
    assert not is_kept(supervisor(), Question(SUMMER))


@pytest.mark.parametrize(
    "asked", [Question(SUMMER, is_cohort=True), Question(SUMMER, until=NOW.date())], ids=str
)
def test_cohorts_and_past_days_are_counted_from_the_rows(asked):
    assert not is_kept(supervisor(), asked)


def test_towns_and_units_are_counted_from_the_rows(city):
    assert not is_kept(supervisor("210302002"), Question(SUMMER))
    assert not is_kept(city[0].unit_approver.actor, Question(SUMMER))
    assert is_kept(make_account(Role.LAY_SUPERVISOR).actor, Question(SUMMER))


@pytest.mark.parametrize("group_by", GroupBy)
def test_it_takes_one_statement(group_by):
    actor = supervisor()
    statements.begin(dict)
    report_closure(actor, Question(SUMMER, group_by), at=NOW)
    assert statements.present().statements == 1


@pytest.mark.parametrize("group_by", GroupBy)
def test_figures_are_found_by_index(group_by):
    """Few pages whatever there is: a range of the key for each span."""
    asked = {"spans": ["2026-06"], "scope": "2103", "own": "210300000000"}
    told = figures._report(group_by, is_everywhere=False).params(
        asked, at=NOW, since=NOW, definitions=""
    )
    text = told.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {text}")
    plan = "\n".join(row[0] for row in rows)
    assert "pk_closure_figures" in plan
    [condition] = [line for line in plan.splitlines() if "span = ANY" in line]
    assert "Index Cond" in condition
    assert "scope = " in condition


def test_each_figure_has_its_column():
    columns = set(ClosureFigures.__table__.c.keys()) - {"span", "scope", "grouping", "key"}
    assert columns == {column_of(figure) for figure in FIGURES}
    assert len(FIGURES) == len(set(FIGURES))
