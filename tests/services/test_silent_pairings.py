"""Whom a housekeeper has left alone for long is told once a week, to that person alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.rules import Rule
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.notification import Notification
from jobs.tell_of_silence import tell_of_silence
from services.notifications.inbox import list_messages
from tests.domain.calendars import local
from tests.factories import make_account, make_cast, make_enterprise, make_pairing, make_ticket
from tests.factories.numbers import set_number

pytestmark = pytest.mark.usefixtures("database")

FIRST = local("2026-07-06 08:30")
"""The first Monday on which the pairings of 5 January are 180 days old."""
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def run(at=FIRST) -> int:
    with clock.frozen(at):
        outcome = tell_of_silence()
    assert outcome.notes == []
    return outcome.items


def told() -> list[Notification]:
    query = sa.select(Notification).filter_by(kind="silent_pairings").order_by(Notification.id)
    return list(db.session.scalars(query))


def test_the_housekeeper_alone_is_told_how_many_and_no_names():
    cast = make_cast()
    make_pairing(make_enterprise(), cast.housekeeper_row)
    make_account(Role.UNIT_APPROVER, organisation_id=cast.housekeeper_row.organisation_id)
    assert run(FIRST - timedelta(minutes=1)) == 0
    assert run() == 1
    [message] = told()
    assert message.account_id == cast.housekeeper.account.id
    assert message.body.startswith("2 家")
    assert cast.enterprise.name not in message.body
    others = [person for person in vars_of(cast) if person is not cast.housekeeper]
    for person in others:
        listed, _ = list_messages(person.actor, Page(25), is_unread_only=False)
        assert "silent_pairings" not in {one.kind for one in listed}


def vars_of(cast):
    """Everybody around the enterprise."""
    return [cast.applicant, cast.housekeeper, cast.coordinator, cast.supervisor, cast.revisitor]


def test_once_a_week_however_often_it_runs_and_again_the_next():
    make_cast()
    assert [run(), run(), run(FIRST + HOUR), run(FIRST + WEEK)] == [1, 0, 0, 1]


def test_of_missed_weeks_only_the_latest_is_told():
    make_cast()
    assert run(FIRST + 5 * WEEK + 3 * HOUR) == 1
    assert [one.alarm for one in told()] == ["silent-pairings:2026-08-10"]


def test_who_was_in_contact_is_not_silent():
    cast = make_cast()
    case = make_ticket(cast=cast, at=FIRST - 20 * WEEK)
    case.act(Act.FIRST_CONTACT, by=cast.housekeeper.actor)
    assert run() == 0
    assert run(FIRST + 6 * WEEK) == 1


def test_a_visit_is_contact():
    cast = make_cast()
    visit = FollowUpVisit(
        enterprise_id=cast.enterprise.id,
        kind="yearly",
        planned_for=FIRST.date(),
        housekeeper_id=cast.housekeeper_row.id,
        state="done",
        outcome="well",
        done_at=FIRST - WEEK,
    )
    db.session.add(visit)
    assert run() == 0


@pytest.mark.parametrize(
    "changes", [{"visit_preference": "only_when_asked"}, {"closed_on": FIRST.date()}]
)
def test_who_wants_no_visits_or_is_gone_is_left_alone(changes):
    cast = make_cast()
    mine = sa.update(Enterprise).where(Enterprise.id == cast.enterprise.id)
    db.session.execute(mine.values(changes))
    assert run() == 0


def test_how_many_days_is_a_rule():
    make_cast()
    set_number(Rule.SILENT_PAIRING_DAYS, 200, "2026-07-01")
    assert [run(), run(FIRST + 3 * WEEK)] == [0, 1]
