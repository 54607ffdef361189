"""People ask for their data, have it corrected, and leave; what must stay tells no names."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, sealing
from app.db import db
from app.domain.actor import Role
from app.models.account import GONE, Account, Membership
from app.models.audit_entry import AuditEntry
from app.models.legal_hold import LegalHold
from app.models.log_in import OldPassword, RecoveryCode, SecondFactor
from app.models.wechat import WechatBinding
from services.accounts import second_factor
from services.data_requests.closing import reasons_against
from services.tickets.terms import newest_calendar
from tests.callers import Caller
from tests.factories import (
    MONDAY,
    Person,
    make_account,
    make_binding,
    make_cast,
    make_housekeeper,
    make_ticket,
)
from tests.problems import places, refused


@pytest.fixture
def officer(client, database) -> Caller:
    """A security administrator."""
    return Caller(client, make_account(Role.SEC_ADMIN))


@pytest.fixture
def staff(client, database) -> Caller:
    """A colleague in an enterprise that has an administrator, too."""
    admin = make_account(Role.ENTERPRISE_ADMIN)
    enterprise_id = admin.membership.enterprise_id
    return Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=enterprise_id))


def asked(caller: Caller, kind: str = "export") -> dict[str, Any]:
    answer = caller.post("/me/data-requests", {"kind": kind, "words": "请处理。"})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def answered(officer: Caller, request: dict[str, Any], outcome: str = "done") -> Any:
    body = {"outcome": outcome, "answer": "已核实身份并处理。"}
    return officer.post(f"/data-requests/{request['id']}/answer", body)


def closing(caller: Caller) -> Any:
    return caller.post("/me/closing", {"login": caller.person.account.login})


def test_a_request_is_due_after_fifteen_working_days(staff):
    with clock.frozen(MONDAY):
        request = asked(staff)
    due = newest_calendar().close_of_day(MONDAY, 15)
    assert datetime.fromisoformat(request["due_at"]) == due > MONDAY + timedelta(days=15)
    assert staff.get("/me/data-requests").json["items"] == [request]
    refused(staff.post("/me/data-requests", {"kind": "export"}), 409, "conflict")


def test_requests_are_listed_for_who_answers_them(officer, staff):
    request = asked(staff)
    assert officer.get("/data-requests?open=true").json["items"] == [request]
    assert answered(officer, request, "refused").json["outcome"] == "refused"
    assert officer.get("/data-requests?open=true").json["items"] == []
    refused(answered(officer, request), 409, "conflict")
    refused(staff.get("/data-requests"), 403, "forbidden")


def test_a_copy_holds_all_that_is_kept_and_is_the_owners_alone(client, officer):
    cast = make_cast()
    case = make_ticket("accepted", cast)
    applicant = Caller(client, cast.applicant)
    request = asked(applicant)
    path = f"/me/data-requests/{request['id']}/copy"
    refused(applicant.post(path), 409, "conflict")
    answered(officer, request)
    copy = applicant.post(path)
    assert copy.json["account"]["login"] == cast.applicant.account.login
    assert [ticket["number"] for ticket in copy.json["tickets"]] == [case.number]
    assert copy.json["tickets"][0]["body"] == case.ticket.body
    assert copy.json["messages"]
    assert copy.json["memberships"][0]["role"] == "enterprise_admin"
    assert "attachment" in copy.headers["Content-Disposition"]
    refused(officer.post(path), 404, "not-found")
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-3:] == ["request_data", "answer_data_request", "export_own_data"]


def test_who_leaves_is_nobody_any_more(client, staff):
    person = staff.person
    make_binding(person).unionid_hash = b"somebody"
    db.session.flush()
    assert closing(staff).status_code == 204
    db.session.expire_all()
    account = db.session.get_one(Account, person.account.id)
    assert (account.name, account.login) == (GONE, f"closed-{account.id}")
    assert (account.password_hash, account.phone, account.phone_hash) == (None, None, None)
    assert not account.is_enabled
    assert account.closed_at is not None
    assert db.session.get_one(Membership, person.membership.id).valid_until is not None
    binding = db.session.scalars(sa.select(WechatBinding)).one()
    assert (binding.ended_at is not None, binding.unionid_hash) == (True, None)
    assert staff.get("/me").status_code == 401


WAYS_IN = (OldPassword, SecondFactor, RecoveryCode)


def give_ways_in(account_id: int) -> None:
    secret = {"secret": sealing.seal("s", second_factor.COLUMN), "created_at": clock.real()}
    db.session.add(SecondFactor(account_id=account_id, **secret))
    db.session.add(OldPassword(account_id=account_id, password_hash="h", replaced_at=clock.real()))
    second_factor.renew_recovery_codes(account_id)


def test_no_way_in_is_left_of_who_leaves_and_every_one_of_the_others(staff):
    leaving, other = staff.person.account.id, make_account(Role.OPERATOR).account.id
    for account_id in (leaving, other):
        give_ways_in(account_id)
    assert closing(staff).status_code == 204
    for model in WAYS_IN:
        assert set(db.session.scalars(sa.select(model.account_id))) == {other}


def test_a_wrong_name_closes_nothing(staff):
    assert places(staff.post("/me/closing", {"login": "else"})) == {"/login": "not-own-login"}
    assert db.session.get_one(Account, staff.person.account.id).closed_at is None


def why_not(caller: Caller) -> str:
    return refused(closing(caller), 409, "closing-refused")["detail"]


def test_the_last_administrator_stays(client, database):
    admin = make_account(Role.ENTERPRISE_ADMIN)
    caller = Caller(client, admin)
    assert "唯一的管理员" in why_not(caller)
    make_account(Role.ENTERPRISE_ADMIN, enterprise_id=admin.membership.enterprise_id)
    assert closing(caller).status_code == 204


def test_open_tickets_are_finished_first(client, database):
    cast = make_cast()
    make_account(Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id)
    make_ticket("accepted", cast)
    assert "还有 1 件没有办结" in why_not(Caller(client, cast.applicant))


def test_a_standing_pairing_is_handed_over_first(database):
    cast = make_cast()
    assert reasons_against(cast.housekeeper.account.id, at=clock.now())
    alone = make_account(Role.HOUSEKEEPER, housekeeper_id=make_housekeeper().id)
    assert reasons_against(alone.account.id, at=clock.now()) == []


@pytest.mark.parametrize("kind", ["everything", "account", "enterprise", "ticket"])
def test_what_is_held_is_only_stored(officer, client, kind):
    cast = make_cast()
    make_account(Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id)
    ticket = make_ticket("withdrawn", cast).ticket
    person = cast.applicant
    ids = {"account": person.account.id, "enterprise": cast.enterprise.id, "ticket": ticket.id}
    hold(officer.person, kind, ids.get(kind))
    caller = Caller(client, person)
    assert "只存储" in why_not(caller)
    request = asked(caller, "delete")
    assert "只存储" in refused(answered(officer, request), 409, "closing-refused")["detail"]
    assert answered(officer, request, "stored_only").json["outcome"] == "stored_only"
    assert db.session.get_one(Account, person.account.id).closed_at is None


def hold(placer: Person, kind: str, subject_id: int | None) -> None:
    placed = {"reason": "取证", "placed_by": placer.account.id, "placed_at": clock.real()}
    db.session.add(LegalHold(subject_kind=kind, subject_id=subject_id, subject="", **placed))
    db.session.flush()


def test_a_deletion_that_is_granted_closes_the_account(client, officer):
    cast = make_cast()
    make_account(Role.ENTERPRISE_ADMIN, enterprise_id=cast.enterprise.id)
    case = make_ticket("withdrawn", cast)
    applicant = Caller(client, cast.applicant)
    name = cast.applicant.account.name
    coordinator = Caller(client, cast.coordinator)
    assert name in coordinator.get(f"/tickets/{case.number}/events").text
    assert answered(officer, asked(applicant, "delete")).json["account_name"] == GONE
    told = coordinator.get(f"/tickets/{case.number}/events").text
    assert GONE in told
    assert name not in told
