"""The audit of figures finds what was changed behind the product's back, and mends it."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.vocabulary import Status
from app.models.closure_figures import ClosureFigures
from jobs.audit_figures import audit_figures
from jobs.count_figures import count_figures
from services.reports import refresh
from tests.factories import make_ticket


@pytest.fixture
def case(committed_app, monkeypatch):
    """A ticket, counted: submitted in June, with time for its judgement until July.

    Without the margin, or what was done just before would be counted once more.
    """
    monkeypatch.setattr(refresh, "MARGIN_SECONDS", 0)
    with committed_app.app_context():
        with transaction():
            case = make_ticket(Status.EVALUATING, at=june(25))
        with clock.frozen(case.at):
            count_figures()
            yield case


def june(day):
    return clock.real().astimezone(clock.LOCAL_ZONE).replace(2026, 6, day, 9, 0, 0, 0)


def spoil(span):
    with transaction():
        wrong = {"submitted": ClosureFigures.submitted + 1}
        db.session.execute(
            sa.update(ClosureFigures).where(ClosureFigures.span == span).values(wrong)
        )


def test_figures_that_are_right_are_no_drift(case):
    outcome = audit_figures()
    assert (outcome.items, outcome.failures) == (2, 0)


def test_the_newest_acts_are_no_drift(case):
    with transaction():
        make_ticket(at=case.at)
    assert audit_figures().failures == 0


@pytest.mark.parametrize("span", ["2026-06-25", "2026-06-2", "2026-06"])
def test_a_figure_that_was_changed_is_told_and_mended(case, caplog, span):
    spoil(span)
    with caplog.at_level(logging.ERROR, "jobs.audit_figures"):
        outcome = audit_figures()
    assert outcome.failures == 1
    assert outcome.notes[0].startswith("2026-06：")
    [record] = caplog.records
    assert "2026-06 drifted" in record.getMessage()
    assert audit_figures().failures == 0


def test_a_figure_that_is_missing_or_too_many_is_drift(case):
    with transaction():
        july = ClosureFigures.span.startswith("2026-07")
        db.session.execute(sa.delete(ClosureFigures).where(july))
    assert audit_figures().failures == 1
    with transaction():
        db.session.execute(
            sa.update(ClosureFigures)
            .where(ClosureFigures.grouping == "category")
            .values(key=ClosureFigures.key + "x")
        )
    assert audit_figures().failures == 2


def test_audit_and_count_can_follow_each_other_at_any_time(case):
    with clock.frozen(case.at + timedelta(days=40)):
        assert audit_figures().failures == 0
        spoil("2026-06")
        assert count_figures().items == 0
        assert audit_figures().failures == 1
        assert count_figures().items == 0
