"""Contact data in clear: who may have it, for a reason, and what is kept of it."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.models.audit_entry import AuditEntry
from app.models.disclosure import Disclosure
from app.models.operation import IdempotencyKey
from tests.callers import API, Caller
from tests.factories import (
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_ticket,
)
from tests.problems import refused

NAME, PHONE, LEGAL = "王建国", "13812345678", "赵志刚"
WHY = "约定上门走访的时间"
ALL = ["contact_name", "contact_phone", "legal_person"]


@pytest.fixture
def cast(database):
    return make_cast(make_enterprise(contact_name=NAME, contact_phone=PHONE, legal_person=LEGAL))


@pytest.fixture
def coordinator(client, cast) -> Caller:
    return Caller(client, cast.coordinator)


def ask(caller: Caller, path: str, **body: Any) -> Any:
    return caller.post(f"{path}/reveal", {"reason": WHY} | body)


def entries() -> list[AuditEntry]:
    revealing = AuditEntry.action.like("reveal%")
    return list(db.session.scalars(sa.select(AuditEntry).where(revealing).order_by(AuditEntry.id)))


@pytest.mark.parametrize("wanted", [ALL, ALL[1:2], [ALL[2], ALL[0]]])
def test_an_enterprise_s_fields_are_given_as_asked_for(coordinator, cast, wanted):
    answer = ask(coordinator, f"/enterprises/{cast.enterprise.id}", fields=wanted)
    everything = {"contact_name": NAME, "contact_phone": PHONE, "legal_person": LEGAL}
    assert answer.status_code == 200
    told = {field: value for field, value in answer.json.items() if value is not None}
    assert told == {field: everything[field] for field in wanted}


def test_what_the_register_does_not_say_is_empty(client, coordinator):
    bare = make_enterprise(contact_name=NAME)
    answer = ask(coordinator, f"/enterprises/{bare.id}", fields=ALL)
    assert answer.json["legal_person"] is None


def test_a_reveal_is_recorded_with_fields_and_reason_and_never_the_values(coordinator, cast):
    ask(coordinator, f"/enterprises/{cast.enterprise.id}", fields=ALL[:2])
    [entry] = entries()
    actor = coordinator.person.actor
    assert (entry.action, entry.subject) == (
        "reveal_enterprise",
        f"enterprise:{cast.enterprise.id}",
    )
    assert (entry.account_id, entry.role) == (actor.account_id, actor.role)
    assert entry.facts == {"fields": ALL[:2], "reason": WHY}
    [kept] = db.session.scalars(sa.select(Disclosure)).all()
    everything = str(entry.facts) + str(vars(kept))
    assert not any(value in everything for value in (NAME, PHONE, LEGAL))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reason": "太短了"}, "/reason"),
        ({"reason": "    a   "}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"fields": []}, "/fields"),
        ({"fields": ["uscc"]}, "/fields/0"),
        ({"fields": ["contact_name", "contact_name"]}, "/fields"),
    ],
)
def test_without_a_reason_and_fields_nothing_is_shown(coordinator, cast, body, pointer):
    answer = ask(coordinator, f"/enterprises/{cast.enterprise.id}", **{"fields": ALL} | body)
    assert pointer in [error["pointer"] for error in refused(answer, 422)["errors"]]
    assert not entries()
    assert NAME not in answer.text


def test_a_housekeeper_reveals_the_own_enterprises_only(client, cast):
    caller = Caller(client, cast.housekeeper)
    assert ask(caller, f"/enterprises/{cast.enterprise.id}", fields=ALL).status_code == 200
    other = make_enterprise(contact_name=NAME)
    refused(ask(caller, f"/enterprises/{other.id}", fields=ALL), 404)
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "role", [Role.ENTERPRISE_ADMIN, Role.HANDLER, Role.REGISTER_OFFICER, Role.AUDITOR]
)
def test_who_need_not_call_does_not_see_it(client, cast, role):
    caller = Caller(client, make_account(role))
    refused(ask(caller, f"/enterprises/{cast.enterprise.id}", fields=ALL), 403)


def test_a_housekeeper_s_number_is_for_those_of_the_area(client, coordinator):
    made = make_housekeeper("李鹏", phone="13812341234")
    assert ask(coordinator, f"/housekeepers/{made.id}").json == {"phone": "13812341234"}
    [entry] = entries()
    assert (entry.action, entry.facts) == (
        "reveal_housekeeper",
        {"fields": ["phone"], "reason": WHY},
    )
    elsewhere = Caller(client, make_account(Role.SUPERVISOR, area_prefix="210303"))
    refused(ask(elsewhere, f"/housekeepers/{made.id}"), 404)


def test_the_contact_of_a_ticket_goes_before_the_enterprise_s(client, coordinator, cast):
    own = Submission(
        "厂区用电增容",
        "新生产线投产需要增加用电容量，请协调。",
        contact_name="钱经理",
        contact_phone="13612345678",
    )
    for case, told in (
        (make_ticket("handling", cast, submit=own), ("钱经理", "13612345678")),
        (make_ticket("handling", cast), (NAME, PHONE)),
    ):
        answer = ask(coordinator, f"/tickets/{case.number}").json
        assert (answer["contact_name"], answer["contact_phone"]) == told
        assert LEGAL not in str(answer)
    assert [entry.action for entry in entries()] == ["reveal_ticket"] * 2


def test_a_unit_sees_whom_to_call_about_its_tickets_and_no_others(client, cast):
    case = make_ticket("handling", cast)
    lead = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    assert ask(Caller(client, lead), f"/tickets/{case.number}").status_code == 200
    other = make_account(Role.HANDLER, organisation_id=make_organisation().id)
    refused(ask(Caller(client, other), f"/tickets/{case.number}"), 404)
    co = make_account(Role.CO_HANDLER, organisation_id=cast.co_unit.id)
    refused(ask(Caller(client, co), f"/tickets/{case.number}"), 403)


def test_an_account_looks_so_often_a_day(app, coordinator, cast, monkeypatch):
    path = f"/enterprises/{cast.enterprise.id}"
    limit = 3
    settings = replace(app.config["SETTINGS"], reveals_per_day=limit)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with clock.frozen(clock.real()):
        for _ in range(limit):
            assert ask(coordinator, path, fields=ALL).status_code == 200
        refused(ask(coordinator, path, fields=ALL), 429)
        colleague = Caller(coordinator.client, cast.supervisor)
        assert ask(colleague, path, fields=ALL).status_code == 200
    assert len(entries()) == limit + 1


def test_an_answer_kept_for_repetition_is_sealed(coordinator, cast):
    path = f"/enterprises/{cast.enterprise.id}/reveal"
    body, key = {"reason": WHY, "fields": ALL}, {"Idempotency-Key": "look-1"}
    headers = coordinator.headers() | key
    first = coordinator.client.post(API + path, json=body, headers=headers)
    again = coordinator.client.post(API + path, json=body, headers=headers)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(entries()) == 1
    kept = db.session.scalars(sa.select(IdempotencyKey.body)).one()
    assert not any(value.encode() in kept for value in (NAME, PHONE, LEGAL))


def test_the_enterprise_reads_who_looked_and_why(client, coordinator, cast):
    case = make_ticket("handling", cast)
    lead = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    ask(coordinator, f"/enterprises/{cast.enterprise.id}", fields=ALL[:1])
    ask(Caller(client, lead), f"/tickets/{case.number}", reason="约定现场踏勘的时间")
    ask(coordinator, f"/enterprises/{make_enterprise().id}", fields=ALL[:1])
    admin = Caller(client, make_account("enterprise_admin", enterprise_id=cast.enterprise.id))
    listed = admin.get(f"/enterprises/{cast.enterprise.id}/disclosures").json["items"]
    assert [
        (one["role"], one["ticket_number"], one["fields"], one["reason"]) for one in listed
    ] == [
        ("handler", case.number, ALL[:2], "约定现场踏勘的时间"),
        ("coordinator", None, ALL[:1], WHY),
    ]
    assert listed[0]["organisation_name"] == cast.lead_unit.name
    assert lead.account.name not in str(listed), "the person is the unit's business"


def test_nobody_else_reads_who_looked(client, cast):
    path = f"/enterprises/{cast.enterprise.id}/disclosures"
    refused(Caller(client, make_account("enterprise_admin")).get(path), 404)
    staff = make_account("enterprise_staff", enterprise_id=cast.enterprise.id)
    for person in (staff, cast.supervisor, cast.housekeeper):
        refused(Caller(client, person).get(path), 403)
