"""Drafts of what was written to the service: one's own, once; what is nobody's goes elsewhere."""

import pytest

from app.db import db
from app.domain.actor import Role
from tests.callers import Caller
from tests.factories import make_account, make_enterprise
from tests.factories.pushes import make_draft
from tests.problems import refused

DRAFTS, QUEUE = "/me/ticket-drafts", "/service-messages"
TICKET = {"title": "厂区门前道路积水", "body": "连日降雨，货车进不来，请协调排水。"}
ACTS = {"submission": TICKET, "discarding": None}
NOTE = {"note": "已电话联系本人。"}


@pytest.fixture
def owner(client) -> Caller:
    enterprise = make_enterprise()
    return Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=enterprise.id))


def listed(caller: Caller, path: str = DRAFTS) -> list[int]:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["items"]]


def test_a_draft_becomes_one_ticket(owner):
    draft = make_draft(owner.person)
    assert listed(owner) == [draft.id]
    answer = owner.post(f"{DRAFTS}/{draft.id}/submission", TICKET)
    assert answer.status_code == 201, answer.text
    assert (answer.json["title"], answer.json["status"]) == (TICKET["title"], "submitted")
    assert listed(owner) == []
    db.session.refresh(draft)
    assert (draft.state, draft.ticket_number) == ("submitted", answer.json["number"])
    for act, body in ACTS.items():
        refused(owner.post(f"{DRAFTS}/{draft.id}/{act}", body), 409, "draft-settled")


def test_a_ticket_that_is_refused_leaves_the_draft(owner):
    draft = make_draft(owner.person)
    body = TICKET | {"category_code": "nothing"}
    refused(owner.post(f"{DRAFTS}/{draft.id}/submission", body), 422)
    assert listed(owner) == [draft.id]


def test_a_draft_is_discarded(owner):
    draft = make_draft(owner.person)
    assert owner.post(f"{DRAFTS}/{draft.id}/discarding").status_code == 204
    assert listed(owner) == []


def test_a_colleague_sees_nothing_of_it(client, owner):
    draft, unknown = make_draft(owner.person), make_draft()
    enterprise_id = owner.person.membership.enterprise_id
    other = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise_id))
    assert listed(other) == []
    for one in (draft, unknown):
        for act, body in ACTS.items():
            refused(other.post(f"{DRAFTS}/{one.id}/{act}", body), 404)


def test_the_operators_settle_what_is_nobodys(client, owner):
    operator = Caller(client, make_account(Role.OPERATOR))
    first, second, own = make_draft(), make_draft(), make_draft(owner.person)
    assert listed(operator, QUEUE) == [first.id, second.id]
    answer = operator.post(f"{QUEUE}/{first.id}/settlement", NOTE)
    assert (answer.json["state"], answer.json["note"]) == ("closed", NOTE["note"])
    assert listed(operator, QUEUE) == [second.id]
    assert listed(operator, f"{QUEUE}?is_open=false") == [first.id]
    refused(operator.post(f"{QUEUE}/{first.id}/settlement", NOTE), 409, "service-message-settled")
    refused(operator.post(f"{QUEUE}/{own.id}/settlement", NOTE), 404)
    db.session.refresh(first)
    assert first.settled_by == operator.person.account.id
