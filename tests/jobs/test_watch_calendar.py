"""From December on, the system administrators hear once a week that the list is missing."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.calendar_editions import Edition
from app.models.notification import Notification
from jobs.watch_calendar import watch_calendar
from services.promises.publish import publish
from tests.domain.calendars import local
from tests.factories import Person, make_account

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


@pytest.fixture
def admin(database) -> Person:
    return make_account(Role.SYS_ADMIN)


def watch(at: str) -> int:
    with clock.frozen(local(at)):
        return watch_calendar().items


def told(person: Person) -> list[str]:
    query = sa.select(Notification.body).where(Notification.account_id == person.account.id)
    return list(db.session.scalars(query))


def test_every_administrator_hears_once_a_week(admin):
    other, stranger = make_account(Role.SYS_ADMIN), make_account(Role.COORDINATOR)
    days = ("2026-12-01 08:30", "2026-12-02 08:30", "2026-12-06 08:30", "2026-12-07 08:30")
    heard = [watch(at) for at in days]
    assert heard[1:3] == [0, 0]
    assert heard[0] == heard[3] > 0
    assert len(told(admin)) == len(told(other)) == 2
    assert "2027" in told(admin)[0]
    assert told(stranger) == []


def test_it_is_warned_of_in_the_log_each_day(admin, caplog):
    for day in ("2026-12-01 08:30", "2026-12-02 08:30"):
        watch(day)
    assert [record.getMessage() for record in caplog.records].count(
        "the official calendar of 2027 is missing"
    ) == 2


def test_before_december_and_with_the_list_nobody_is_bothered(admin):
    assert watch("2026-11-30 23:00") == 0
    publish(admin.actor, Edition(SOURCE, 2027, ("2027-01-01",)), at=clock.real())
    assert watch("2026-12-01 08:30") == 0
    assert told(admin) == []
