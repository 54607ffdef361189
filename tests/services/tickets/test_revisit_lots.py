"""抽签 in the database: places in order, one stratum for a unit, a class and a month."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import NotFound
from app.domain.facts.acceptance import Acceptance
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.revisit_lots import Share, is_drawn
from app.domain.vocabulary import Status, TicketClass
from app.models.notification import Notification
from app.models.revisit_lot import RevisitLot, RevisitStratum
from services.tickets.history import verify_histories
from services.tickets.revisit_samples import get_sample, list_samples
from tests.factories import MONDAY, Case, make_cast, make_ticket

pytestmark = pytest.mark.usefixtures("database")

NEVER = bytes(16)
"""With this seed the sixth lot is drawn, and none of the next eight."""

TWO_MONTHS = timedelta(days=61)


def lots() -> list[tuple[int, bool]]:
    query = sa.select(RevisitLot.number, RevisitLot.is_drawn).order_by(RevisitLot.number)
    return [(row.number, row.is_drawn) for row in db.session.execute(query)]


def stratum() -> RevisitStratum:
    return db.session.scalars(
        sa.select(RevisitStratum), execution_options={"populate_existing": True}
    ).one()


def skipped_to(case: Case, number: int) -> None:
    """The stratum as if so many lots had been taken already; from a seed that is known."""
    values = {"population": number - 1, "seed": NEVER}
    db.session.execute(sa.update(RevisitStratum).values(values))
    case.act(Act.RECEIVE_FEEDBACK)


def test_the_first_five_of_a_unit_and_class_are_drawn():
    cast = make_cast()
    for _ in range(5):
        assert make_ticket(Status.REVISITING, cast).ticket.status == Status.REVISITING
    assert lots() == [(number, True) for number in range(1, 6)]
    assert (stratum().population, stratum().organisation_id) == (5, cast.lead_unit.id)
    assert (stratum().month.isoformat(), stratum().percent) == ("2026-06-01", 20)


def test_what_is_spared_is_invited_to_rate_and_kept_with_its_lot():
    cast = make_cast()
    make_ticket(Status.REVISITING, cast)
    case = make_ticket(Status.FEEDBACK, cast)
    skipped_to(case, 7)
    assert case.ticket.status == Status.EVALUATING
    assert lots() == [(1, True), (7, False)]
    told = db.session.scalars(
        sa.select(Notification.kind).where(Notification.ticket_id == case.ticket.id)
    ).all()
    assert "evaluation_invited" in told
    assert [one.reason for one in verify_histories()] == [None, None]


def test_a_lot_that_is_turned_round_afterwards_is_found():
    make_ticket(Status.REVISITING)
    db.session.execute(sa.update(RevisitLot).values(is_drawn=False))
    [verdict] = verify_histories()
    assert verdict.reason == "RevisitLot/1 与事件所记不符"
    drawn_again = get_sample(make_cast().supervisor.actor, stratum().id, at=MONDAY)
    assert drawn_again["is_as_drawn"] is False


def test_classes_and_months_are_drawn_apart():
    cast = make_cast()
    make_ticket(Status.REVISITING, cast)
    make_ticket(Status.REVISITING, cast, accept=Acceptance(TicketClass.COMPLEX, "utilities"))
    make_ticket(Status.REVISITING, cast, at=MONDAY + TWO_MONTHS)
    assert lots() == [(1, True)] * 3


def test_of_consultations_a_twentieth_is_drawn():
    seeds = [bytes([number]) * 16 for number in range(20)]
    share = Share(5, 0)
    cast = make_cast()
    case = make_ticket(Status.FEEDBACK, cast, accept=Acceptance(TicketClass.CONSULT, "utilities"))
    case.act(Act.RECEIVE_FEEDBACK)
    [(number, drawn)] = lots()
    assert (number, stratum().percent, stratum().minimum) == (1, 5, 0)
    assert drawn == is_drawn(1, share, bytes(stratum().seed))
    assert sum(is_drawn(1, share, seed) for seed in seeds) < 5
    assert case.ticket.status == (Status.REVISITING if drawn else Status.EVALUATING)


def test_a_key_project_takes_no_lot():
    cast = make_cast()
    cast.enterprise.categories = ["重点项目"]
    cast.enterprise.primary_category = "重点项目"
    db.session.flush()
    case = make_ticket(Status.REVISITING, cast)
    assert lots() == []
    assert case.ticket.status == Status.REVISITING


def test_a_ground_takes_no_lot():
    make_ticket(Status.REVISITING, accept=Acceptance(TicketClass.URGENT, "utilities"))
    assert lots() == []


def test_direct_answers_are_drawn_by_county():
    case = make_ticket(Status.ACCEPTED)
    case.act(Act.ANSWER_DIRECTLY)
    case.act(Act.RECEIVE_FEEDBACK)
    assert (stratum().organisation_id, stratum().area) == (None, case.ticket.area_code[:6])
    [sample], _ = list_samples(case.cast.supervisor.actor, None, Page(10), at=case.at)
    assert (sample["area"], sample["drawn"]) == (case.ticket.area_code[:6], 1)


def test_the_seed_is_kept_back_until_the_month_is_over():
    case = make_ticket(Status.REVISITING)
    supervisor = case.cast.supervisor.actor
    assert get_sample(supervisor, stratum().id, at=case.at)["seed"] is None
    told = get_sample(supervisor, stratum().id, at=case.at + TWO_MONTHS)
    assert told["seed"] == bytes(stratum().seed).hex()
    assert (told["drawn_numbers"], told["is_as_drawn"]) == ([1], True)


def test_samples_are_listed_by_month_and_within_reach():
    case = make_ticket(Status.REVISITING)
    supervisor = case.cast.supervisor.actor
    found, _ = list_samples(supervisor, MONDAY.date(), Page(10), at=case.at)
    assert [one["population"] for one in found] == [1]
    later = (MONDAY + TWO_MONTHS).date()
    assert list_samples(supervisor, later, Page(10), at=case.at) == ([], None)
    with pytest.raises(NotFound):
        get_sample(case.cast.coordinator.actor, stratum().id, at=case.at)
