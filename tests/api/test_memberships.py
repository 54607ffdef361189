"""身份: one person, several memberships, and which of them asks."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.actor import Role
from tests.callers import API, Caller
from tests.factories import MONDAY, make_account, make_binding, make_cast, make_ticket
from tests.problems import refused

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def two_hats(client, database) -> tuple[Caller, int, int]:
    """A coordinator, by default, who is also staff of an enterprise."""
    official = make_account(Role.COORDINATOR, is_default=True)
    staff = make_account(Role.ENTERPRISE_STAFF, official.account)
    return Caller(client, official), official.membership.id, staff.membership.id


def me(caller, membership=None):
    chosen = {} if membership is None else {"X-Membership": str(membership)}
    return caller.client.get("/api/v1/me", headers=caller.headers() | chosen)


def current(answer) -> list[int]:
    return [one["id"] for one in answer.json["memberships"] if one["is_current"]]


def test_all_memberships_are_listed_and_the_default_one_asks(two_hats):
    caller, official, staff = two_hats
    answer = me(caller)
    assert [one["id"] for one in answer.json["memberships"]] == [official, staff]
    assert [one["role"] for one in answer.json["memberships"]] == [
        "coordinator",
        "enterprise_staff",
    ]
    assert current(answer) == [official]


def test_the_header_chooses(two_hats):
    caller, official, staff = two_hats
    assert current(me(caller, staff)) == [staff]
    assert current(me(caller, official)) == [official]


def test_the_choice_decides_what_is_seen_and_done(client, database):
    cast = make_cast()
    number = make_ticket(cast=cast).number
    other = make_account(Role.REVISITOR, cast.applicant.account)
    caller = Caller(client, cast.applicant)
    path = f"/api/v1/tickets/{number}"
    as_revisitor = caller.headers() | {"X-Membership": str(other.membership.id)}
    as_applicant = caller.headers() | {"X-Membership": str(cast.applicant.membership.id)}
    assert client.get(path, headers=as_applicant).status_code == 200
    refused(client.get(path, headers=as_revisitor), 404)
    body = {"headers": as_revisitor | {"If-Match": '"1"'}, "json": {"reason": "已解决"}}
    refused(client.post(f"{path}/withdrawal", **body), 403)


@pytest.mark.parametrize("sent", ["0", "-1", "abc", "", " ", "１", "9" * 40, "1 OR 1=1"])
def test_a_membership_that_is_none_of_mine_is_403(two_hats, sent):
    caller, *_ = two_hats
    refused(me(caller, sent.encode().decode("latin-1")), 403, "forbidden")


def test_somebody_elses_membership_is_403(two_hats):
    caller, *_ = two_hats
    refused(me(caller, make_account(Role.SUPERVISOR).membership.id), 403, "forbidden")


def test_memberships_come_and_go_with_their_dates(client, database):
    now = make_account(Role.COORDINATOR)
    make_account(Role.SUPERVISOR, now.account, valid_until=MONDAY - DAY)
    make_account(Role.AUDITOR, now.account, valid_from=MONDAY + 2 * DAY)
    make_account(Role.REVISITOR, now.account, valid_until=MONDAY + timedelta(minutes=20))
    caller = Caller(client, now)

    def roles() -> list[str]:
        return [one["role"] for one in me(caller).json["memberships"]]

    assert roles() == ["coordinator", "revisitor"]
    with clock.frozen(MONDAY + timedelta(minutes=20)):
        assert roles() == ["coordinator"]


def test_dates_of_memberships_go_by_business_time(client, database):
    person = make_account(Role.COORDINATOR)
    make_account(Role.AUDITOR, person.account, valid_until=MONDAY + DAY)
    caller = Caller(client, person)
    assert len(me(caller).json["memberships"]) == 2
    client.post("/api/v1/testing/clock", json={"advance_minutes": 24 * 60})
    with clock.frozen(MONDAY + timedelta(seconds=5)):
        assert len(me(caller).json["memberships"]) == 1


YESTERDAY = MONDAY - DAY


@pytest.mark.parametrize("chosen", [None, 1])
def test_who_has_no_membership_left_is_told_whom_to_turn_to(client, database, chosen):
    person = make_account(Role.COORDINATOR, valid_until=YESTERDAY)
    chosen = {"X-Membership": str(person.membership.id)} if chosen else {}
    headers = Caller(client, person).headers() | chosen
    for path in ("/me/messages", "/tickets", "/me/subscriptions", "/areas"):
        detail = refused(client.get(f"{API}{path}", headers=headers), 403, "forbidden")["detail"]
        assert "没有有效的身份" in detail
        assert "企业请联系属地营商环境部门或企业管家" in detail
        assert "工作人员请联系本单位的系统管理员" in detail


@pytest.mark.parametrize("chosen", [None, 1])
def test_who_has_no_membership_left_sees_that_and_can_leave(client, database, chosen):
    person = make_account(Role.COORDINATOR, valid_until=YESTERDAY)
    make_binding(person)
    caller = Caller(client, person)
    chosen = {"X-Membership": str(person.membership.id)} if chosen else {}
    headers = caller.headers() | chosen
    answer = client.get(f"{API}/me", headers=headers)
    assert (answer.status_code, answer.json["memberships"]) == (200, [])
    assert answer.json["is_wechat_bound"] is True
    assert client.delete(f"{API}/me/wechat", headers=headers).status_code == 204
    assert caller.get("/me").json["is_wechat_bound"] is False
    assert client.delete(f"{API}/auth/session", headers=headers).status_code == 204
    refused(caller.get("/me"), 401, "unauthenticated")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_everybody_sees_who_they_are_and_can_leave(client, database, role):
    caller = Caller(client, make_account(role))
    assert [one["role"] for one in caller.get("/me").json["memberships"]] == [role]
    for path in ("/me/wechat", "/auth/session"):
        answer = client.delete(f"{API}{path}", headers=caller.headers() | {"X-Membership": "0"})
        assert answer.status_code == 204
    refused(caller.get("/me"), 401, "unauthenticated")
