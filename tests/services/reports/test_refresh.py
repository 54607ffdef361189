"""Kept figures are always what counting everything would give, whatever happens in between."""

from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Event

import pytest
import sqlalchemy as sa

from app.db import db, separate_transaction, snapshot, transaction
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.closure_figures import ClosureFigures, CountedTicket
from jobs.count_figures import count_figures
from services.reports import refresh
from services.reports.refresh import begin_counting, wait_to_count
from tests.factories import make_area, make_ticket
from tests.services.reports.counting_house import World, count, drift, told_at
from tests.services.reports.lively_city import make_city
from tests.threads import all_at_once, beside

STEPS, SEED = 40, 4
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def no_margin(monkeypatch):
    """With it, a test would be over before anything counts as known."""
    monkeypatch.setattr(refresh, "MARGIN_SECONDS", 0)


@pytest.fixture
def app_at_work(committed_app):
    with committed_app.app_context():
        yield committed_app


@pytest.fixture
def case(app_at_work):
    with transaction():
        return make_ticket(Status.ACCEPTED)


def spoil():
    """Change a figure behind the product's back."""
    with transaction():
        wrong = {"submitted": ClosureFigures.submitted + 1}
        db.session.execute(sa.update(ClosureFigures).values(wrong))


def test_after_every_step_the_figures_are_those_of_a_recount(app_at_work):
    with transaction():
        world = World(make_city(), Random(SEED))
    for _ in range(STEPS):
        world.step()
        count(world.now)
        assert drift(world.now) == 0
        assert told_at() == world.now
    tickets = [case.ticket for case in world.cases]
    assert {Status.ARCHIVED, Status.WITHDRAWN} < {ticket.status for ticket in tickets}
    assert max(ticket.round for ticket in tickets) > 1


def test_nothing_is_written_while_nothing_happens(case):
    assert count(case.at) > 0
    assert count(case.at + MINUTE) == 0


def test_a_due_time_that_passes_is_counted_though_nothing_is_done(case):
    count(case.at)
    assert count(case.at + 40 * DAY) > 0
    assert drift(case.at + 40 * DAY) == 0


def test_a_due_time_that_moves_leaves_its_old_day(app_at_work):
    with transaction():
        case = make_ticket(Status.SUPPLEMENTING)
        before = make_ticket()
    count(case.at)
    with transaction():
        case.act(Act.SUPPLY, at=case.at + 30 * DAY)
        before.act(Act.REQUEST_SUPPLEMENT, at=case.at)
    count(case.at)
    assert drift(case.at) == 0


def test_only_open_tickets_are_kept_in_mind(app_at_work):
    with transaction():
        case = make_ticket(Status.EVALUATING)
    count(case.at)
    kept = sa.select(sa.func.count()).select_from(CountedTicket)
    assert db.session.scalar(kept) == 1
    db.session.rollback()
    with transaction():
        case.act(Act.ARCHIVE, at=case.at + 16 * DAY)
    count(case.at)
    assert db.session.scalar(kept) == 0


def test_what_is_committed_late_is_not_lost(app_at_work, case):
    """An event is recorded as of when its transaction began, which may be long ago."""
    acted, is_counted = Event(), Event()

    def act_slowly():
        with transaction():
            case.act(Act.WITHDRAW, at=case.at)
            acted.set()
            assert is_counted.wait(20)

    with beside(app_at_work, act_slowly, at=case.at) as acting:
        assert acted.wait(20)
        count(case.at)
        is_counted.set()
        acting.result()
    assert count(case.at + MINUTE) > 0
    assert drift(case.at + MINUTE) == 0


def test_two_at_once_do_not_get_in_each_others_way(app_at_work, case):
    outcomes = all_at_once(app_at_work, count_figures, count_figures, at=case.at)
    assert sum(outcome.items for outcome in outcomes) > 0
    assert drift(case.at) == 0


def test_whoever_comes_second_leaves_it_to_the_first(app_at_work, case):
    with separate_transaction() as guard:
        assert begin_counting(guard)
        assert count(case.at) == 0
        assert told_at() is None
    assert count(case.at) > 0


def test_a_refresh_that_breaks_off_leaves_what_was(app_at_work, case):
    count(case.at)
    with transaction():
        case.act(Act.WITHDRAW)
    with separate_transaction() as guard, suppress(ZeroDivisionError):
        seen_until = wait_to_count(guard)
        with snapshot():
            assert refresh.refresh(seen_until, at=case.at) > 0
            raise ZeroDivisionError
    assert told_at() == case.at - MINUTE
    assert count(case.at) > 0
    assert drift(case.at) == 0


def test_a_new_area_or_a_new_definition_makes_everything_be_counted(app_at_work, case, monkeypatch):
    count(case.at)
    spoil()
    assert count(case.at) == 0
    with transaction():
        make_area()
    assert count(case.at) > 0
    spoil()
    monkeypatch.setattr(refresh, "definitions", lambda: "others")
    assert count(case.at) > 0
    assert drift(case.at) == 0


def test_very_many_changes_are_met_by_counting_everything(app_at_work, case, monkeypatch):
    count(case.at)
    spoil()
    with transaction():
        case.act(Act.WITHDRAW)
    monkeypatch.setattr(refresh, "MOST_TICKETS", 0)
    assert count(case.at) > 0
    assert drift(case.at) == 0


def test_figures_of_months_in_which_nothing_counts_any_more_go(app_at_work, case, monkeypatch):
    count(case.at)
    with transaction():
        moved = {"span": sa.func.replace(ClosureFigures.span, "2026", "2024")}
        db.session.execute(sa.update(ClosureFigures).values(moved))
    monkeypatch.setattr(refresh, "definitions", lambda: "others")
    count(case.at)
    with transaction():
        first = db.session.scalar(sa.select(sa.func.min(ClosureFigures.span)))
    assert first
    assert first.startswith("2026")


def test_changes_are_found_by_index(app_at_work):
    recent = "SELECT ticket_id FROM ticket_events WHERE recorded_at >= now()"
    with transaction():
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = db.session.scalars(sa.text(f"EXPLAIN {recent}")).all()
    assert "ix_ticket_events_recorded_at" in "\n".join(plan)
