"""A new ticket of which the housekeeper has not read: the deputy hears, then the coordinators."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.domain.rules import Rule
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.ticket import Ticket
from jobs.watch_unread import watch_unread
from services.notifications.due import next_due
from services.notifications.inbox import read_message
from tests.domain.calendars import local
from tests.factories import (
    MONDAY,
    make_account,
    make_cast,
    make_housekeeper,
    make_pairing,
    make_ticket,
)
from tests.factories.numbers import set_number
from tests.factories.wechat import make_binding, make_template

pytestmark = pytest.mark.usefixtures("database")

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
"""MONDAY is ten o'clock: two working hours later is twelve, four are half past three."""


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def deputy(cast):
    """The B role of the enterprise."""
    stand_in = make_housekeeper()
    make_pairing(cast.enterprise, stand_in, role="deputy")
    return make_account(
        Role.DEPUTY_HOUSEKEEPER,
        housekeeper_id=stand_in.id,
        organisation_id=stand_in.organisation_id,
    )


def run(at) -> int:
    with clock.frozen(at):
        outcome = watch_unread()
    assert outcome.notes == []
    return outcome.items


def told(person) -> int:
    mine = sa.select(sa.func.count()).select_from(Notification)
    count = db.session.scalar(mine.where(Notification.account_id == person.account.id))
    return count or 0


def test_first_the_deputy_then_the_coordinators_each_once(cast, deputy):
    make_ticket(cast=cast)
    found = [
        (run(local(f"2026-06-01 {at}")), told(deputy), told(cast.coordinator))
        for at in ("11:59", "12:00", "13:40", "15:29", "15:30", "16:30")
    ]
    assert found == [(0, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 0), (1, 1, 1), (0, 1, 1)]


def test_of_rungs_missed_only_the_last_is_climbed(cast, deputy):
    make_ticket(cast=cast)
    assert [run(MONDAY + timedelta(days=3)), run(MONDAY + timedelta(days=4))] == [1, 0]
    assert (told(deputy), told(cast.coordinator)) == (0, 1)


def test_nights_do_not_count(cast, deputy):
    make_ticket(cast=cast, at=local("2026-06-05 17:00"))
    assert run(local("2026-06-08 09:59")) == 0
    assert run(local("2026-06-08 10:00")) == 1
    assert told(deputy) == 1


def test_without_a_deputy_the_coordinators_hear_in_their_time(cast):
    make_ticket(cast=cast)
    assert [run(MONDAY + 2 * HOUR), run(local("2026-06-01 15:30"))] == [0, 1]
    assert told(cast.coordinator) == 1


def read(case) -> None:
    housekeeper = case.cast.housekeeper
    mine = sa.select(Notification.id).where(Notification.account_id == housekeeper.account.id)
    read_message(housekeeper.actor, db.session.scalars(mine).one(), at=case.at)


def contact(case) -> None:
    case.act(Act.FIRST_CONTACT)


def accept(case) -> None:
    case.act(Act.ACCEPT)


def withdraw(case) -> None:
    case.act(Act.WITHDRAW)


@pytest.mark.parametrize("heeded", [read, contact, accept, withdraw])
def test_who_has_read_or_acted_has_heeded_it(cast, deputy, heeded):
    heeded(make_ticket(cast=cast))
    assert run(MONDAY + timedelta(days=1)) == 0


def test_what_is_confidential_or_a_complaint_is_told_to_nobody_new(cast, deputy):
    case = make_ticket(cast=cast)
    mine = sa.update(Ticket).where(Ticket.number == case.number)
    db.session.execute(mine.values(complained_housekeeper_id=cast.housekeeper_row.id))
    assert run(MONDAY + timedelta(days=1)) == 0


def test_the_hours_are_those_of_the_ticket(cast, deputy):
    set_number(Rule.DEPUTY_AFTER_HOURS, 1, "2026-06-01")
    make_ticket(cast=cast)
    assert [run(MONDAY + HOUR - MINUTE), run(MONDAY + HOUR)] == [0, 1]


def test_the_deputys_phone_rings_as_long_as_it_is_true(cast, deputy):
    make_template("新诉求待办")
    make_binding(deputy)
    case = make_ticket(cast=cast)
    at = local("2026-06-01 13:31")
    assert run(at) == 1
    [delivery] = db.session.scalars(sa.select(Delivery))
    assert (delivery.send_at, delivery.hold) == (at, None)
    due = next_due(at=at, real=clock.real())
    assert due
    assert (due.is_true, due.number) == (True, case.number)
    case.act(Act.ACCEPT)
    due = next_due(at=at, real=clock.real())
    assert due
    assert not due.is_true
