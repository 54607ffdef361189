"""Who hears of a rung is set for days to come; what has begun keeps the row of its day."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.rung_recipients import shipped
from app.domain.sla_clock import ClockKind, Rung
from app.models.audit_entry import AuditEntry
from app.models.delivery import Delivery
from app.models.fallback import Fallback
from app.models.notification import Notification
from app.models.rung_recipients import RungRecipients
from app.seed.reference import load
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import MONDAY, Case, make_account, make_cast, make_ticket
from tests.factories.wechat import make_binding
from tests.problems import places, refused

YESTERDAY, TUESDAY = local("2026-05-31 10:00"), local("2026-06-02 10:00")
LATE = local("2026-06-09 10:00")
PATH = "/rung-recipients"
BODY: dict[str, Any] = {
    "rung": "red",
    "clock": "accept",
    "ticket_class": None,
    "recipients": [
        {"audience": "housekeeper", "channel": "phone_and_text"},
        {"audience": "supervisors", "channel": "inbox"},
    ],
    "effective_from": "2026-06-02",
    "reason": "市营商局关于红牌提醒对象的通知",
}


def set_row(client, **changes: Any) -> Any:
    """What the administrator is answered on 31 May 2026."""
    with clock.frozen(YESTERDAY):
        return Caller(client, make_account(Role.SYS_ADMIN)).post(PATH, BODY | changes)


def listed(client, query: str = "") -> list[dict[str, Any]]:
    answer = Caller(client, make_account(Role.COORDINATOR)).get(f"{PATH}?limit=100{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_what_is_shipped_is_there_and_the_migration_brings_the_same(client, database):
    load()
    rows = {(one["rung"], one["clock"], one["ticket_class"]): one for one in listed(client)}
    told = {
        tuple(key): [one._asdict() for one in recipients] for key, recipients in shipped().items()
    }
    assert {key: one["recipients"] for key, one in rows.items()} == told
    assert all(one["is_in_force"] for one in rows.values())
    assert db.session.scalar(sa.select(sa.func.count(RungRecipients.id))) == len(told)


def test_a_row_is_set_for_a_day_to_come_and_audited(client, database):
    made = set_row(client)
    assert made.status_code == 201, made.text
    assert (made.json["rung_label"], made.json["is_in_force"]) == ("红牌", False)
    assert listed(client, "&rung=red")[0] == made.json | {"is_in_force": True}, "by now it is"
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="set_rung_recipients")).one()
    assert entry.facts == BODY
    refused(set_row(client), 409, "already-exists")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"effective_from": "2026-05-31"}, {"/effective_from": "past"}),
        (
            {"recipients": [{"audience": "supervisors", "channel": "phone"}]},
            {"/recipients": "unanswered"},
        ),
        ({"recipients": []}, {"/recipients": "count"}),
        ({"rung": "order"}, {"/clock": "no-such-rung"}),
    ],
)
def test_what_cannot_be_is_refused(client, database, changes, found):
    assert places(set_row(client, **changes)) == found


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPERVISOR, Role.SEC_ADMIN])
def test_nobody_else_sets_them(client, database, role):
    refused(Caller(client, make_account(role)).post(PATH, BODY), 403, "forbidden")


def red(case: Case, *people: int) -> dict[int, tuple[bool, bool]]:
    """Account → whether its phone is to ring, and whether it goes on without WeChat."""
    change = case.act(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.RED), at=LATE)
    query = (
        sa.select(Notification.account_id, Delivery.id, Fallback.notification_id)
        .outerjoin(Delivery, Delivery.notification_id == Notification.id)
        .outerjoin(Fallback, Fallback.notification_id == Notification.id)
        .where(Notification.ticket_id == case.ticket.id, Notification.event_seq == change.event.seq)
    )
    found = {who: (bool(rings), bool(on)) for who, rings, on in db.session.execute(query)}
    return {who: told for who, told in found.items() if who in people}


def test_a_ticket_keeps_the_recipients_of_its_day(client, database):
    cast = make_cast()
    housekeeper, coordinator = cast.housekeeper.account.id, cast.coordinator.account.id
    supervisor = cast.supervisor.account.id
    for person in (cast.housekeeper, cast.coordinator, cast.supervisor):
        make_binding(person)
    set_row(client)
    older, newer = make_ticket(cast=cast, at=MONDAY), make_ticket(cast=cast, at=TUESDAY)
    people = (housekeeper, coordinator, supervisor)
    assert red(older, *people) == {
        housekeeper: (True, False),
        coordinator: (True, False),
        supervisor: (True, True),
    }
    assert red(newer, *people) == {housekeeper: (True, True), supervisor: (False, False)}
