"""The auditor finds who did what, and how the chain stands; nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.models.audit_entry import AuditChain, AuditEntry
from services import audit
from services.audit_chain import seal_next
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, make_account, make_ticket
from tests.problems import places, refused


@pytest.fixture
def auditor(client, database) -> Caller:
    """Somebody who reads logs."""
    return Caller(client, make_account(Role.AUDITOR))


def found(auditor: Caller, query: str = "") -> list[dict[str, Any]]:
    answer = auditor.get(f"/audit-entries{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def actions(auditor: Caller, query: str = "") -> list[str]:
    return [entry["action"] for entry in found(auditor, query)]


def add(action: str, subject: str = "account:1", **values: Any) -> None:
    entry = {"role": "account", "action": action, "subject": subject, "facts": {}}
    db.session.execute(sa.insert(AuditEntry).values(**entry | values))


def test_an_entry_tells_who_did_what_and_how_it_ended(auditor):
    person = make_account(Role.COORDINATOR, name="李鹏")
    audit.record(person.actor, "resend_delivery", "delivery:7", {"state": "failed"})
    seal_next(at=MONDAY)
    [entry] = found(auditor)
    assert entry["account_name"] == "李鹏"
    assert (entry["role_label"], entry["kind_label"]) == ("协调员", "消息投递")
    assert (entry["action"], entry["action_label"]) == ("resend_delivery", "重发消息")
    assert (entry["subject"], entry["result"]) == ("delivery:7", "ok")
    assert (entry["facts"], entry["seal_seq"]) == ({"state": "failed"}, 1)
    assert auditor.get(f"/audit-entries/{entry['id']}").json == entry


def test_no_word_of_a_ticket_is_told(auditor):
    case = make_ticket("accepted")
    told = auditor.get("/audit-entries?kind=ticket").text
    assert case.number in told
    for word in (case.ticket.title, case.ticket.body):
        assert word not in told


def test_entries_are_found_by_what_is_asked(auditor):
    person = make_account(Role.COORDINATOR)
    add("log_in", account_id=person.account.id, at=MONDAY)
    add("bind_wechat", "wechat_binding:2", at=MONDAY + timedelta(days=1))
    add("resend_delivery", "delivery:3", result="refused", at=MONDAY + timedelta(days=2))
    assert actions(auditor) == ["resend_delivery", "bind_wechat", "log_in"]
    assert actions(auditor, "?kind=log_in") == ["bind_wechat", "log_in"]
    assert actions(auditor, "?action=bind_wechat") == ["bind_wechat"]
    assert actions(auditor, f"?account={person.account.id}") == ["log_in"]
    assert actions(auditor, "?subject=delivery:3") == ["resend_delivery"]
    assert actions(auditor, "?result=refused") == ["resend_delivery"]
    day = MONDAY.date()
    assert actions(auditor, f"?from={day + timedelta(days=1)}&to={day + timedelta(days=2)}") == [
        "bind_wechat"
    ]


def test_the_pages_walk_through_entries_of_one_moment(auditor):
    for place in range(5):
        add("log_in", f"account:{place}", at=MONDAY)
    seen: list[str] = []
    address: str | None = "/audit-entries?limit=2"
    while address:
        body = auditor.get(address).json
        assert body is not None
        seen += [entry["subject"] for entry in body["items"]]
        cursor = body["next_cursor"]
        address = cursor and f"/audit-entries?limit=2&cursor={cursor}"
    assert seen == [f"account:{place}" for place in (4, 3, 2, 1, 0)]


def test_an_action_of_another_version_is_shown_by_its_name(auditor):
    add("make_coffee")
    [entry] = found(auditor)
    assert (entry["kind"], entry["action_label"]) == (None, "make_coffee")


def test_a_log_in_that_failed_is_found_with_the_account_and_names_nobody(client, auditor):
    person = make_account(Role.COORDINATOR, login="lipeng")
    for login, password in (("lipeng", "wrong-password"), ("somebody", PASSWORD)):
        sent = {"login": login, "password": password}
        assert client.post(f"{API}/auth/password", json=sent).status_code == 401
    answer = auditor.get("/audit-entries?result=refused")
    assert len(answer.json["items"]) == 2
    assert not [word for word in ("lipeng", "somebody", "wrong-password") if word in answer.text]
    [entry] = found(auditor, f"?account={person.account.id}")
    assert (entry["action"], entry["result"]) == ("log_in", "refused")
    assert entry["account_id"] is None


def test_logging_out_is_kept(client, auditor):
    caller = Caller(client, make_account(Role.COORDINATOR))
    assert client.delete(f"{API}/auth/session", headers=caller.headers()).status_code == 204
    [entry] = found(auditor, "?action=log_out")
    assert entry["account_id"] == caller.person.account.id


def test_what_is_not_there_and_what_is_asked_wrongly(auditor):
    refused(auditor.get("/audit-entries/999999999"), 404, "not-found")
    assert places(auditor.get("/audit-entries?kind=gossip")) == {"/kind": "choice"}


def test_the_state_of_the_chain(auditor):
    fresh = auditor.get("/audit-seals").json
    assert (fresh["first_seq"], fresh["last_seq"], fresh["unsealed_since"]) == (1, 0, None)
    add("log_in", at=MONDAY)
    assert auditor.get("/audit-seals").json["unsealed_since"] == MONDAY.isoformat()
    seal_next(at=MONDAY)
    sealed = auditor.get("/audit-seals").json
    assert (sealed["last_seq"], sealed["unsealed_since"]) == (1, None)
    head = db.session.scalars(sa.select(AuditChain.last_hash)).one()
    assert sealed["last_hash"] == head.hex()


@pytest.mark.parametrize("role", [role for role in Role if role not in {"auditor", "system"}])
def test_nobody_else_reads_it(client, database, role):
    caller = Caller(client, make_account(role))
    for path in ("/audit-entries", "/audit-entries/1", "/audit-seals"):
        refused(caller.get(path), 403, "forbidden")
