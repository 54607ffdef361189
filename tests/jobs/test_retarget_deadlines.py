"""After a newer work calendar: one event for each ticket that counted a changed day, once."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.calendar_editions import Edition, LocalHours
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.sla import SlaClock
from app.models.ticket_event import TicketEvent
from jobs.audit_deadlines import audit_deadlines
from jobs.retarget_deadlines import retarget_deadlines
from services.promises.publish import publish
from tests.domain.calendars import SHIPPED, local
from tests.factories import Case, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

SOURCE = "国务院办公厅关于2026年部分节假日安排的通知"
NOW = local("2026-06-02 09:00")


def publish_holidays(*days: str, **changes: Any) -> int:
    """A version in which these days of 2026 are off, too."""
    year = SHIPPED["years"]["2026"]
    edition = Edition(SOURCE, 2026, (*year["holidays"], *days), year["workdays"], **changes)
    admin = make_account(Role.SYS_ADMIN)
    return publish(admin.actor, edition, at=clock.real()).version


def run() -> int:
    with clock.frozen(NOW):
        outcome = retarget_deadlines()
    assert outcome.failures == 0, outcome.notes
    db.session.expire_all()
    return outcome.items


def events(case: Case) -> list[TicketEvent]:
    query = sa.select(TicketEvent).where(
        TicketEvent.ticket_id == case.ticket.id, TicketEvent.action == "retarget"
    )
    return list(db.session.scalars(query))


def finish(case: Case) -> SlaClock:
    wanted = {"ticket_id": case.ticket.id, "kind": "finish", "round": case.ticket.round}
    return db.session.query(SlaClock).filter_by(**wanted).one()


def test_one_event_moves_the_due_times_and_tells_the_enterprise():
    case = make_ticket(Status.HANDLING)
    publish_holidays("2026-06-08")
    assert run() == 1
    [event] = events(case)
    assert (event.is_public, event.role) == (True, "system")
    assert finish(case).due_at == local("2026-06-09 17:30")
    assert case.ticket.due_at == finish(case).due_at
    assert case.ticket.calendar_version == 2
    told = sa.select(Notification.kind).where(Notification.event_seq == event.seq)
    assert set(db.session.scalars(told)) == {"deadline_moved"}
    assert audit_deadlines().failures == 0


def test_it_happens_once():
    case = make_ticket(Status.HANDLING)
    publish_holidays("2026-06-08")
    assert [run(), run()] == [1, 0]
    assert len(events(case)) == 1


def test_without_a_newer_calendar_nothing_happens():
    make_ticket(Status.HANDLING)
    assert run() == 0


def test_who_counts_no_changed_day_is_left_alone_and_keeps_the_version():
    case = make_ticket(Status.ACCEPTED)
    publish_holidays("2026-06-23")
    assert run() == 0
    assert finish(case).calendar_version == 1
    assert case.ticket.calendar_version == 1


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.WITHDRAWN, Status.REFUSED])
def test_closed_tickets_never_change(status):
    case = make_ticket(status)
    publish_holidays("2026-06-02", "2026-06-08")
    assert run() == 0
    assert events(case) == []


def test_a_pause_that_ends_later_may_bring_a_clock_to_a_changed_day():
    case = make_ticket(Status.SUPPLEMENTING)
    publish_holidays("2026-06-12")
    assert run() == 0, "so far it has counted none"
    case.act(Act.SUPPLY, at=local("2026-06-11 17:00"))
    assert run() == 1
    due_at = case.ticket.due_at
    assert due_at is not None
    assert due_at > local("2026-06-12 23:59")
    assert audit_deadlines().failures == 0


def test_hours_of_an_area_reach_its_own_tickets_alone():
    here = make_ticket(Status.ACCEPTED)
    area = here.ticket.area_code
    short = LocalHours(area[:6], "01-01", "12-31", (("09:00", "12:00"),))
    other = LocalHours("11", "01-01", "12-31", (("06:00", "07:00"),))
    edition = Edition("关于调整办公时间的通知", hours=(short, other))
    publish(make_account(Role.SYS_ADMIN).actor, edition, at=clock.real())
    assert run() == 1
    assert finish(here).due_at == local("2026-06-08 12:00")
    assert (finish(here).hours_area, here.ticket.hours_area) == (area[:6], area[:6])
    assert audit_deadlines().failures == 0
    here.act(Act.DISPATCH, at=local("2026-06-02 10:00"))
    assert audit_deadlines().failures == 0


def test_hours_of_elsewhere_change_nobody_here():
    case = make_ticket(Status.ACCEPTED)
    other = LocalHours("11", "01-01", "12-31", (("06:00", "07:00"),))
    edition = Edition("关于调整办公时间的通知", hours=(other,))
    publish(make_account(Role.SYS_ADMIN).actor, edition, at=clock.real())
    assert run() == 0
    assert events(case) == []
