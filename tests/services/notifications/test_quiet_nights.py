"""Quiet hours hold whatever comes late as well: retries, and what people send again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app.db import db
from app.domain.facts.acceptance import Acceptance
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import TicketClass
from app.models.delivery import Delivery
from services.notifications.deliver import send
from services.notifications.deliveries import resend
from services.notifications.settle import settle
from tests.domain.calendars import CALENDAR, local
from tests.factories import MONDAY, make_ticket
from tests.services.notifications.phones import WORKER, claim, deliveries, make_phone, only_delivery

SENDING = {"path": "subscribe/send"}
EVENING, MIDNIGHT = local("2026-06-01 17:30"), local("2026-06-02 00:00")
MORNING = local("2026-06-02 08:30")
FRIDAY_EVENING, NEXT_MONDAY = local("2026-06-05 18:00"), local("2026-06-08 08:30")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TODO = "新诉求待办"


@pytest.fixture
def phone(wechat, templates, cast):
    """The housekeeper's phone, with consents to be told what there is to do."""
    return make_phone(wechat, cast.housekeeper, TODO, times=2)


@pytest.fixture
def case(phone, cast):
    """A ticket just submitted, in office hours."""
    return make_ticket(cast=cast)


def change(**values) -> None:
    db.session.execute(sa.update(Delivery).values(**values))


@pytest.mark.parametrize("at", [EVENING, MIDNIGHT, MORNING - SECOND])
def test_what_comes_late_waits_for_the_morning(phone, case, at):
    assert claim(WORKER, at=at) is None
    row = only_delivery()
    assert (row.state, row.send_at, row.attempts) == ("pending", MORNING, 0)
    assert phone.left(TODO) == (2, 2)
    assert claim(WORKER, at=MORNING)


def test_to_the_last_moment_of_the_day_it_rings(case):
    assert claim(WORKER, at=EVENING - SECOND)


def test_a_retry_in_the_evening_waits_too(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=-1, times=1)
    claimed = claim(WORKER, at=EVENING - SECOND)
    assert claimed
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=EVENING - SECOND)
    assert claim(WORKER, at=EVENING + SECOND) is None
    assert only_delivery().send_at == MORNING


def test_what_is_held_lets_the_next_one_pass(phone, case, cast):
    urgent = make_ticket(cast=cast)
    change(rank=90)
    is_urgent = sa.update(Delivery).where(Delivery.id == deliveries(urgent)[0].id)
    db.session.execute(is_urgent.values(rings_always=True, rank=1))
    claimed = claim(WORKER, at=EVENING)
    assert claimed
    assert claimed.number == urgent.number


def test_what_is_of_no_use_in_the_morning_is_dropped_in_the_evening(case):
    change(expires_at=MORNING)
    assert claim(WORKER, at=EVENING) is None
    assert (only_delivery().state, only_delivery().reason) == ("failed", "expired")


def test_what_is_no_longer_true_is_not_even_held(case):
    case.act(Act.ACCEPT)
    assert claim(WORKER, at=EVENING) is None
    assert only_delivery().reason == "outdated"


def test_an_answer_and_an_urgent_ticket_ring_at_night(wechat, templates, cast):
    make_phone(wechat, cast.applicant, "受理通知")
    make_phone(wechat, cast.handler, TODO)
    case = make_ticket(cast=cast)
    case.act(Act.ACCEPT, Acceptance(TicketClass.URGENT, "utilities"))
    case.act(Act.DISPATCH)
    assert {row.rings_always for row in deliveries(case)} == {True}
    assert claim(WORKER, at=MIDNIGHT)
    assert claim(WORKER, at=MIDNIGHT)


def test_everything_else_is_written_as_held(case):
    assert not only_delivery().rings_always


@pytest.mark.parametrize("rings_always", [False, True])
def test_what_people_send_again_obeys_as_well(case, cast, rings_always):
    late = {"expires_at": MONDAY, "rings_always": rings_always}
    change(state="failed", reason="gave-up", **late)
    resend(cast.coordinator.actor, only_delivery().id, CALENDAR, at=FRIDAY_EVENING)
    row, due = only_delivery(), FRIDAY_EVENING if rings_always else NEXT_MONDAY
    assert (row.send_at, row.expires_at) == (due, due + DAY)
    assert (claim(WORKER, at=FRIDAY_EVENING) is not None) is rings_always
    assert rings_always or claim(WORKER, at=NEXT_MONDAY)
