"""加入企业 by WeChat: an invitation, or a request that an official decides."""

import pytest

from app.db import db
from app.domain.actor import Role
from app.models.account import Account, Membership
from app.models.member import MembershipRequest
from tests.api.wechat.people import NUMBER
from tests.callers import API, Caller
from tests.factories import make_account, make_cast, make_enterprise
from tests.handsets import Handset, bearing
from tests.problems import places, refused

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cast():
    return make_cast()


def code_from(client, cast, role: str = "enterprise_staff") -> str:
    path = f"/enterprises/{cast.enterprise.id}/invitations"
    answer = Caller(client, cast.applicant).post(path, {"role": role})
    return answer.json["code"]


def accept(handset: Handset, code: str):
    body = {
        "code": code,
        "name": "赵 敏",
        "phone_code": handset.wechat.phone_code(handset.openid, handset.number),
    }
    headers = bearing(handset.token())
    return handset.client.post(f"{API}/auth/invitation", json=body, headers=headers)


def ask(handset: Handset, uscc: str):
    body = {
        "uscc": uscc,
        "name": "赵敏",
        "phone_code": handset.wechat.phone_code(handset.openid, handset.number),
    }
    headers = bearing(handset.token())
    return handset.client.post(f"{API}/auth/membership-request", json=body, headers=headers)


def homes(answer) -> set[tuple[str, int]]:
    assert answer.status_code == 200, answer.text
    return {(one["role"], one["enterprise_id"]) for one in answer.json["memberships"]}


def test_a_visitor_with_an_invitation_is_a_member_and_logged_in(client, handset, cast):
    answer = accept(handset, code_from(client, cast))
    assert homes(answer) == {("enterprise_staff", cast.enterprise.id)}
    assert answer.json["is_bound"] is True
    assert handset.me(answer.json["access_token"]).json["name"] == "赵敏"


def test_the_member_comes_in_again_as_the_same(client, handset, cast):
    first = handset.me(accept(handset, code_from(client, cast)).json["access_token"]).json
    again = handset.me(handset.bound()).json
    assert again["account_id"] == first["account_id"]
    assert [one["enterprise_id"] for one in again["memberships"]] == [cast.enterprise.id]


def test_what_the_register_gives_is_kept_beside(client, handset, cast):
    own = make_enterprise(contact_phone=NUMBER)
    before = handset.me(handset.bound()).json["account_id"]
    answer = accept(handset, code_from(client, cast))
    both = {("enterprise_admin", own.id), ("enterprise_staff", cast.enterprise.id)}
    assert homes(answer) == both
    after = handset.me(handset.bound()).json
    assert after["account_id"] == before
    assert {(one["role"], one["enterprise_id"]) for one in after["memberships"]} == both


def test_who_joined_while_logged_in_finds_the_same_account_again(client, handset, cast):
    own = make_enterprise(contact_phone=NUMBER)
    token = handset.bound()
    before = handset.me(token).json["account_id"]
    body = {"code": code_from(client, cast)}
    answer = client.post(f"{API}/me/memberships", json=body, headers=bearing(token))
    assert {home for _, home in homes(answer)} == {own.id, cast.enterprise.id}
    again = handset.me(handset.bound()).json
    assert again["account_id"] == before
    assert len(again["memberships"]) == 2


def test_a_wrong_code_makes_nobody(handset):
    count = db.session.query(Account).count()
    refused(accept(handset, "unheard-of"), 409, "invitation-invalid")
    assert db.session.query(Account).count() == count


def test_a_request_waits_until_an_official_approves(client, handset, cast):
    assert ask(handset, cast.enterprise.uscc).json == {"state": "pending"}
    refused(handset.bind(), 403, "phone-not-in-roster")
    coordinator = Caller(client, cast.coordinator)
    [waiting] = coordinator.get("/membership-requests").json["items"]
    assert (waiting["name"], waiting["phone"]) == ("赵敏", f"{NUMBER[:3]}****{NUMBER[-4:]}")
    path = f"/membership-requests/{waiting['id']}/decision"
    answer = coordinator.post(path, {"approved": True, "role": "enterprise_admin"})
    assert answer.json["state"] == "approved"
    assert homes(handset.bind()) == {("enterprise_admin", cast.enterprise.id)}
    refused(coordinator.post(path, {"approved": True}), 409, "request-decided")
    assert coordinator.get("/membership-requests").json["items"] == []
    assert len(coordinator.get("/membership-requests?state=approved").json["items"]) == 1


def test_a_refusal_has_a_reason_and_makes_nobody(client, handset, cast):
    ask(handset, cast.enterprise.uscc)
    supervisor = Caller(client, cast.supervisor)
    [waiting] = supervisor.get("/membership-requests").json["items"]
    path = f"/membership-requests/{waiting['id']}/decision"
    assert places(supervisor.post(path, {"approved": False})) == {"/reason": "required"}
    answer = supervisor.post(path, {"approved": False, "reason": "企业否认其为员工。"})
    assert (answer.json["state"], answer.json["reason"]) == ("refused", "企业否认其为员工。")
    refused(handset.bind(), 403, "phone-not-in-roster")


def test_requests_are_decided_in_their_area(client, handset, cast):
    ask(handset, cast.enterprise.uscc)
    [request] = db.session.query(MembershipRequest).all()
    elsewhere = Caller(client, make_account(Role.SUPERVISOR, area_prefix="210303"))
    assert elsewhere.get("/membership-requests").json["items"] == []
    path = f"/membership-requests/{request.id}/decision"
    refused(elsewhere.post(path, {"approved": True}), 404)


def test_a_request_waits_once_and_nobody_learns_who_is_registered(handset, cast):
    known = [ask(handset, cast.enterprise.uscc).json for _ in range(2)]
    unknown = ask(handset, "91210302MA0UQRB27Y")
    assert (unknown.status_code, unknown.json) == (202, known[0])
    assert db.session.query(MembershipRequest).count() == 1
    assert places(ask(handset, "123")) == {"/uscc": "uscc"}


def test_the_number_is_sealed(handset, cast):
    ask(handset, cast.enterprise.uscc)
    [request] = db.session.query(MembershipRequest).all()
    assert NUMBER.encode() not in request.phone
    assert db.session.query(Membership).filter_by(enterprise_id=cast.enterprise.id).count() == 1
