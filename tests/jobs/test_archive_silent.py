"""Archiving: what is rated well at the next sweep, silence after the window, the rest settled."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.facts.aftercare import Rating
from app.domain.permissions import Permission as Act
from app.domain.rating import change_within
from app.domain.vocabulary import Status
from app.models.evaluation import Evaluation
from app.models.ticket_event import TicketEvent
from jobs.archive_silent import archive_silent
from tests.domain.stage import RULES
from tests.factories import Case, make_ticket

pytestmark = pytest.mark.usefixtures("database")

WINDOW = timedelta(days=15)
SECOND = timedelta(seconds=1)
FIVE_DAYS = change_within(RULES)


def sweep(at) -> int:
    with clock.frozen(at):
        outcome = archive_silent()
    assert outcome.failures == 0
    return outcome.items


def invited(level: int | None = None) -> Case:
    """A ticket whose enterprise has been asked for a rating, and perhaps has given it."""
    case = make_ticket(Status.EVALUATING)
    if level:
        case.act(Act.EVALUATE, Rating(level))
    return case


@pytest.mark.parametrize("level", [5, 4, 3])
def test_what_is_rated_well_goes_at_the_next_sweep(level):
    case = invited(level)
    assert sweep(case.at) == 1
    assert (case.ticket.status, case.ticket.level) == ("archived", level)


def test_silence_goes_when_the_window_has_passed():
    case = invited(None)
    closes = case.ticket.due_at
    assert closes is not None
    assert sweep(closes - SECOND) == 0
    assert case.ticket.status == "evaluating"
    assert sweep(closes) == 1
    assert (case.ticket.status, case.ticket.level) == ("archived", None)
    assert case.ticket.archived_at == closes


@pytest.mark.parametrize("level", [2, 1])
def test_a_bad_rating_stays_while_it_is_rectified_and_goes_when_that_is_settled(level):
    case = invited(level)
    assert sweep(case.at + timedelta(days=60)) == 0
    case.act(Act.VERIFY_REVIEW)
    settled_at = case.at
    assert sweep(settled_at + FIVE_DAYS - SECOND) == 0
    assert sweep(settled_at + FIVE_DAYS) == 1
    assert (case.ticket.status, case.ticket.level) == ("archived", level)


def test_what_a_rectification_brought_is_rated_and_archived():
    case = invited(1)
    case.act(Act.VERIFY_REVIEW)
    case.act(Act.EVALUATE, Rating(4))
    assert sweep(case.at) == 1
    kept = db.session.scalars(sa.select(Evaluation)).one()
    assert (kept.first_level, kept.level, case.ticket.level) == (1, 4, 4)


def test_each_is_archived_once():
    case = invited(5)
    assert [sweep(case.at), sweep(case.at)] == [1, 0]
    query = sa.select(sa.func.count()).where(TicketEvent.action == "archive")
    assert db.session.scalar(query) == 1


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in ("suspended", "merged", "archived")]
)
def test_nothing_else_is_archived(status):
    if status is Status.EVALUATING:
        assert sweep(invited().at) == 0
        return
    case = make_ticket(status)
    sweep(case.at + 4 * WINDOW)
    assert case.ticket.status == status
