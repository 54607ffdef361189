"""Who is to be called stands in a queue; one at a time calls, and every look and call is kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.models.account import Account
from app.models.audit_entry import AuditEntry
from app.models.disclosure import Disclosure
from app.models.fallback import PhoneTask
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.notifications.phone_tasks import drop_what_is_over
from tests.callers import Caller
from tests.factories import make_account, make_cast, make_ticket
from tests.services.notifications.insisting import MOBILE, give_number, look, task

REASON = {"reason": "电话告知补正要求"}
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def cast(database):
    """The people of one enterprise."""
    return make_cast()


@pytest.fixture
def task_id(cast) -> int:
    """The enterprise is to be told by telephone that material is missing."""
    case = make_ticket(cast=cast)
    case.act(Act.REQUEST_SUPPLEMENT)
    look(case.at)
    give_number(cast.applicant)
    made = task()
    assert made
    return made.id


@pytest.fixture
def operator(client, cast) -> Caller:
    """Somebody at the hotline."""
    return Caller(client, cast.operator)


def state() -> str:
    return db.session.scalar(sa.select(PhoneTask.state)) or ""


def audited() -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.subject.startswith("phone_task:"))
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_the_queue_shows_whom_to_call_about_what_masked(operator, task_id, cast):
    [shown] = operator.get("/phone-tasks").json["items"]
    assert (shown["id"], shown["kind"], shown["cause"]) == (
        task_id,
        "supplement_needed",
        "no-number",
    )
    assert shown["phone"] == "139****5678"
    assert shown["recipient"][1:].strip("*") == ""
    assert operator.get("/phone-tasks?state=reached").json["items"] == []


def test_who_takes_it_reveals_the_number_calls_and_is_recorded(operator, task_id, cast):
    assert operator.post(f"/phone-tasks/{task_id}/reveal", REASON).status_code == 409
    assert operator.post(f"/phone-tasks/{task_id}/calls", {"outcome": "reached"}).status_code == 409
    taken = operator.post(f"/phone-tasks/{task_id}/claim").json
    assert taken["holder"] == cast.operator.account.name
    revealed = operator.post(f"/phone-tasks/{task_id}/reveal", REASON).json
    assert revealed == {"contact_name": cast.applicant.account.name, "contact_phone": MOBILE}
    seen = db.session.scalars(sa.select(Disclosure)).one()
    assert (seen.enterprise_id, seen.reason) == (cast.enterprise.id, REASON["reason"])
    done = operator.post(f"/phone-tasks/{task_id}/calls", {"outcome": "reached"}).json
    assert (done["state"], done["attempts"], done["holder"]) == ("reached", 1, None)
    assert audited() == ["take_phone_task", "reveal_phone_task", "record_call"]
    assert operator.post(f"/phone-tasks/{task_id}/claim").json["title"] == "phone-task-over"


def test_without_an_own_number_the_enterprise_s_is_called(operator, task_id, cast):
    mine = Account.id == cast.applicant.account.id
    db.session.execute(sa.update(Account).where(mine).values(phone=None))
    operator.post(f"/phone-tasks/{task_id}/claim")
    revealed = operator.post(f"/phone-tasks/{task_id}/reveal", REASON).json
    assert revealed["contact_phone"]
    assert revealed["contact_phone"] != MOBILE


def test_what_somebody_has_taken_nobody_else_takes_for_half_an_hour(
    operator, client, cast, task_id
):
    other = Caller(client, cast.coordinator)
    operator.post(f"/phone-tasks/{task_id}/claim")
    refused = other.post(f"/phone-tasks/{task_id}/claim")
    assert (refused.status_code, refused.json["title"]) == (409, "phone-task-taken")
    assert operator.post(f"/phone-tasks/{task_id}/claim").status_code == 200
    db.session.execute(sa.update(PhoneTask).values(held_until=clock.real() - HALF_HOUR))
    assert other.post(f"/phone-tasks/{task_id}/claim").status_code == 200
    late = operator.post(f"/phone-tasks/{task_id}/calls", {"outcome": "reached"})
    assert late.json["title"] == "phone-task-not-taken"


def test_not_reached_comes_again_and_a_wrong_number_ends_it(operator, task_id):
    operator.post(f"/phone-tasks/{task_id}/claim")
    again = operator.post(f"/phone-tasks/{task_id}/calls", {"outcome": "not_reached"}).json
    assert (again["state"], again["attempts"]) == ("open", 1)
    operator.post(f"/phone-tasks/{task_id}/claim")
    ended = operator.post(f"/phone-tasks/{task_id}/calls", {"outcome": "wrong_number"}).json
    assert (ended["state"], ended["attempts"]) == ("wrong_number", 2)


def test_who_sees_it(client, cast, task_id):
    seen = {
        "housekeeper": cast.housekeeper,
        "coordinator": cast.coordinator,
        "elsewhere": make_account(Role.OPERATOR, area_prefix="9999"),
        "other housekeeper": make_account(Role.HOUSEKEEPER),
    }
    shown = {
        name: len(Caller(client, person).get("/phone-tasks").json["items"])
        for name, person in seen.items()
    }
    assert shown == {"housekeeper": 1, "coordinator": 1, "elsewhere": 0, "other housekeeper": 0}
    elsewhere = Caller(client, seen["elsewhere"])
    assert elsewhere.post(f"/phone-tasks/{task_id}/claim").status_code == 404
    for stranger in (cast.applicant, cast.handler, cast.supervisor):
        assert Caller(client, stranger).get("/phone-tasks").status_code == 403


def test_what_is_confidential_is_for_the_coordination_office_alone(client, cast, task_id):
    db.session.execute(sa.update(Ticket).values(is_confidential=True))
    for person, count in ((cast.operator, 0), (cast.housekeeper, 0), (cast.coordinator, 1)):
        assert len(Caller(client, person).get("/phone-tasks").json["items"]) == count


def test_who_is_complained_of_sees_no_call_about_it(client, cast, task_id):
    unit = cast.coordinator.membership.organisation_id
    db.session.execute(sa.update(Ticket).values(complained_organisation_ids=[unit]))
    assert Caller(client, cast.coordinator).get("/phone-tasks").json["items"] == []


def test_nobody_is_to_call_oneself(client, cast, task_id):
    values = {"account_id": cast.coordinator.account.id}
    db.session.execute(sa.update(PhoneTask).values(values))
    assert Caller(client, cast.coordinator).get("/phone-tasks").json["items"] == []


def test_what_was_read_meanwhile_is_dropped_unless_somebody_is_at_it(operator, task_id):
    operator.post(f"/phone-tasks/{task_id}/claim")
    db.session.execute(sa.update(Notification).values(read_at=clock.now()))
    at = db.session.scalar(sa.select(PhoneTask.created_at))
    assert at
    assert drop_what_is_over(real=clock.real(), at=at) == 0
    assert drop_what_is_over(real=clock.real() + 2 * HALF_HOUR, at=at) == 1
    assert state() == "dropped"
