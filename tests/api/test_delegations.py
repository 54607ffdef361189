"""代理 over HTTP: who acts for a housekeeper sees and does what that one would, and no longer."""

from datetime import timedelta

import pytest

from app import clock
from app.api.principals import REMEMBERED
from app.db import db
from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from tests.callers import Caller
from tests.factories import MONDAY, make_account, make_cast, make_housekeeper, make_ticket
from tests.problems import refused

DAY = timedelta(days=1)
ALL_WORKERS = timedelta(seconds=5)
WHY = {"reason": "外出培训一周。"}


@pytest.fixture(autouse=True)
def monday(database):
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def absent(client, cast):
    return Caller(client, cast.housekeeper)


@pytest.fixture
def colleague(client):
    return Caller(client, make_account(Role.HOUSEKEEPER, name="李代班"))


@pytest.fixture
def approver(client, cast):
    unit = cast.housekeeper.membership.organisation_id or cast.housekeeper_row.organisation_id
    cast.housekeeper.membership.organisation_id = unit
    db.session.flush()
    return Caller(client, make_account(Role.UNIT_APPROVER, organisation_id=unit))


def wish(colleague, **changes):
    until = (MONDAY + 7 * DAY).isoformat()
    housekeeper_id = colleague.person.membership.housekeeper_id
    return {"delegate_housekeeper_id": housekeeper_id, "valid_until": until, **WHY, **changes}


def delegated(giver, colleague, **changes):
    answer = giver.post("/delegations", wish(colleague, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json


class Delegate(Caller):
    """Asks in a delegated membership, by a session that knows of it."""

    membership_id = 0

    def headers(self, version: int | None = None) -> dict[str, str]:
        return super().headers(version) | {"X-Membership": str(self.membership_id)}


def as_delegate(colleague, given) -> Delegate:
    caller = Delegate(colleague.client, colleague.person)
    caller.membership_id = given["id"]
    return caller


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json["items"]]


def test_a_delegate_reads_what_the_absent_reads_and_nothing_confidential(absent, colleague, cast):
    open_one = make_ticket("submitted", cast)
    assert numbers(colleague.get("/tickets")) == []
    stand_in = as_delegate(colleague, delegated(absent, colleague))
    assert numbers(stand_in.get("/tickets")) == [open_one.number]
    assert stand_in.get(f"/tickets/{open_one.number}").status_code == 200
    enterprises = stand_in.get("/enterprises").json["items"]
    assert [one["id"] for one in enterprises] == [cast.enterprise.id]
    open_one.ticket.is_confidential = True
    db.session.flush()
    assert numbers(stand_in.get("/tickets")) == []
    for path in ("", "/events", "/deadline"):
        refused(stand_in.get(f"/tickets/{open_one.number}{path}"), 404)


def test_the_history_tells_who_acted_for_whom(absent, colleague, cast):
    number = make_ticket("submitted", cast).number
    stand_in = as_delegate(colleague, delegated(absent, colleague))
    stand_in.act(number, "first-contact", {"note": "已电话联系企业，了解情况。"})
    last = stand_in.get(f"/tickets/{number}/events").json["items"][-1]
    assert last["action"] == Act.FIRST_CONTACT
    assert last["actor_name"] == f"李代班（代{cast.housekeeper.account.name}）"
    assert last["role"] == "deputy_housekeeper"


def told_of(caller) -> list[tuple[str, str]]:
    """Of which tickets, and as what, the caller has been told."""
    answer = caller.get("/me/messages?limit=100")
    assert answer.status_code == 200, answer.text
    return [(one["ticket_number"], one["kind"]) for one in answer.json["items"]]


def test_a_delegate_is_told_what_the_absent_is_told_and_no_longer(absent, colleague, cast):
    """From the first moment until before the last; and what was before is no business of theirs."""
    delegated(absent, colleague)
    moments = {MONDAY - DAY: False, MONDAY: True, MONDAY + 7 * DAY: False}
    cases = {moment: make_ticket("submitted", cast, at=moment) for moment in moments}
    expected = [(cases[moment].number, "new_todo") for moment in moments if moments[moment]]
    assert told_of(colleague) == expected
    assert len(told_of(absent)) == len(cases)


def test_a_delegate_is_told_nothing_confidential_nor_after_the_absent_has_left(
    absent, colleague, cast
):
    delegated(absent, colleague)
    secretly = Submission("对窗口的投诉", "办理中遇到推诿，请保密处理。", is_confidential=True)
    make_ticket("submitted", cast, submit=secretly)
    cast.housekeeper.membership.valid_until = MONDAY + DAY
    db.session.flush()
    make_ticket("submitted", cast, at=MONDAY + DAY)
    assert told_of(colleague) == []


def test_who_acts_for_whom_is_said_of_oneself(absent, colleague, cast):
    stand_in = as_delegate(colleague, delegated(absent, colleague))
    own = {one["role"]: one["acts_for"] for one in stand_in.get("/me").json["memberships"]}
    assert own == {"housekeeper": None, "deputy_housekeeper": cast.housekeeper.account.name}


def test_it_begins_and_ends_by_itself(absent, colleague, cast):
    number = make_ticket("submitted", cast).number
    given = delegated(absent, colleague, valid_from=(MONDAY + DAY).isoformat())
    for moment, status in (
        (MONDAY, 403),
        (MONDAY + DAY, 200),
        (MONDAY + 7 * DAY - timedelta(seconds=1), 200),
        (MONDAY + 7 * DAY, 403),
    ):
        with clock.frozen(moment):
            answer = as_delegate(colleague, given).get(f"/tickets/{number}")
            assert answer.status_code == status, moment


def test_every_worker_knows_of_the_end_within_five_seconds(absent, colleague, cast):
    assert REMEMBERED <= ALL_WORKERS
    given = delegated(absent, colleague)
    stand_in = as_delegate(colleague, given)
    assert stand_in.get("/tickets").status_code == 200
    assert absent.post(f"/delegations/{given['id']}/end", WHY).status_code == 200
    with clock.frozen(MONDAY + ALL_WORKERS):
        refused(stand_in.get("/tickets"), 403)


def test_it_ends_with_the_membership_for_which_it_stands(absent, colleague, cast):
    given = delegated(absent, colleague)
    cast.housekeeper.membership.valid_until = MONDAY + DAY
    db.session.flush()
    with clock.frozen(MONDAY + DAY):
        refused(as_delegate(colleague, given).get("/tickets"), 403)


def test_one_of_the_unit_is_stood_in_for_by_its_approver(approver, colleague, cast):
    row = cast.housekeeper_row.id
    refused(approver.post("/delegations", wish(colleague)), 404)
    given = delegated(approver, colleague, housekeeper_id=row)
    assert given["housekeeper_name"] == cast.housekeeper.account.name
    assert [one["id"] for one in approver.get("/delegations").json["items"]] == [given["id"]]
    assert approver.post(f"/delegations/{given['id']}/end", WHY).status_code == 200


def test_nobody_delegates_for_others(client, absent, colleague, cast):
    foreign = Caller(client, make_account(Role.UNIT_APPROVER))
    third = Caller(client, make_account(Role.HOUSEKEEPER))
    body = wish(third, housekeeper_id=cast.housekeeper_row.id)
    for caller in (foreign, colleague):
        refused(caller.post("/delegations", body), 404)
    given = delegated(absent, colleague)
    for caller in (foreign, third):
        assert caller.get("/delegations").json["items"] == []
        refused(caller.post(f"/delegations/{given['id']}/end", WHY), 404)


def test_a_delegate_sees_it_and_neither_ends_it_nor_passes_it_on(absent, colleague, client):
    given = delegated(absent, colleague)
    assert [one["id"] for one in colleague.get("/delegations").json["items"]] == [given["id"]]
    refused(colleague.post(f"/delegations/{given['id']}/end", WHY), 403)
    third = Caller(client, make_account(Role.HOUSEKEEPER))
    refused(as_delegate(colleague, given).post("/delegations", wish(third)), 403)
    body = wish(third, housekeeper_id=absent.person.membership.housekeeper_id)
    refused(colleague.post("/delegations", body), 404)


def test_one_person_at_a_time(absent, colleague, client):
    third = Caller(client, make_account(Role.HOUSEKEEPER))
    given = delegated(absent, colleague)
    refused(absent.post("/delegations", wish(third)), 409, "already-delegated")
    assert absent.post(f"/delegations/{given['id']}/end", WHY).status_code == 200
    again = absent.post(f"/delegations/{given['id']}/end", WHY)
    refused(again, 409, "delegation-ended")
    delegated(absent, third)


def test_a_delegate_is_another_housekeeper_with_an_account(absent, colleague):
    refused(absent.post("/delegations", wish(absent)), 422)
    unknown = make_housekeeper().id
    refused(absent.post("/delegations", wish(colleague, delegate_housekeeper_id=unknown)), 422)
    colleague.person.account.is_enabled = False
    db.session.flush()
    refused(absent.post("/delegations", wish(colleague)), 422)


@pytest.mark.parametrize(
    "times", [{"valid_until": MONDAY.isoformat()}, {"valid_from": (MONDAY - DAY).isoformat()}]
)
def test_its_time_lies_ahead_and_in_order(absent, colleague, times):
    refused(absent.post("/delegations", wish(colleague, **times)), 422)
