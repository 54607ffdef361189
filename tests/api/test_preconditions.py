"""If-Match and the state of a ticket: 428, 412 naming who and when, 409 saying what may be."""

import pytest

from app import clock
from app.domain.permissions import Permission
from tests.callers import Caller
from tests.factories import MONDAY, make_cast, make_ticket
from tests.problems import places, refused

ACCEPT = {"ticket_class": "normal", "category_code": "utilities"}


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def housekeeper(client, cast):
    with clock.frozen(MONDAY):
        yield Caller(client, cast.housekeeper)


def act(caller, number, noun, body, if_match):
    headers = caller.headers() | ({} if if_match is None else {"If-Match": if_match})
    return caller.client.post(f"/api/v1/tickets/{number}/{noun}", json=body, headers=headers)


def test_a_change_without_if_match_is_428_and_changes_nothing(housekeeper, cast):
    case = make_ticket(cast=cast)
    answer = act(housekeeper, case.number, "acceptance", ACCEPT, None)
    assert "If-Match" in refused(answer, 428, "version-required")["detail"]
    assert (case.ticket.status, case.ticket.version) == ("submitted", 1)


@pytest.mark.parametrize(
    "if_match", ['"2"', '"0"', "1", 'W/"1"', '"1", "2"', "*", "", '"01x"', '"' + "9" * 99 + '"']
)
def test_a_tag_that_does_not_match_is_412_and_changes_nothing(housekeeper, cast, if_match):
    case = make_ticket(cast=cast)
    answer = act(housekeeper, case.number, "acceptance", ACCEPT, if_match)
    problem = refused(answer, 412, "stale-version")
    assert problem["current_version"] == 1
    assert (case.ticket.status, case.ticket.version) == ("submitted", 1)


def test_a_stale_change_names_who_was_faster_and_when(housekeeper, cast, client):
    case = make_ticket(cast=cast)
    case.act(Permission.ACCEPT, by=cast.coordinator.actor)
    problem = refused(act(housekeeper, case.number, "acceptance", ACCEPT, '"1"'), 412)
    assert problem["changed_by"] == cast.coordinator.account.name
    assert problem["changed_at"] == "2026-06-01T10:01:00+08:00"
    assert problem["current_version"] == 2


def test_an_enterprise_is_told_the_role_but_no_official_name(cast, client):
    case = make_ticket("accepted", cast)
    answer = act(
        Caller(client, cast.applicant), case.number, "withdrawal", {"reason": "已解决"}, '"1"'
    )
    assert refused(answer, 412)["changed_by"] == "管家"
    assert cast.housekeeper.account.name not in answer.text


def test_the_etag_of_an_answer_is_the_next_if_match(housekeeper, cast):
    number = make_ticket(cast=cast).number
    tag = housekeeper.get(f"/tickets/{number}").headers["ETag"]
    contact = act(housekeeper, number, "first-contact", {"note": "已电话联系"}, tag)
    assert contact.status_code == 200
    assert contact.headers["ETag"] == f'"{contact.json["version"]}"' != tag
    accepted = act(housekeeper, number, "acceptance", ACCEPT, contact.headers["ETag"])
    assert accepted.json["status"] == "accepted"


def test_an_action_that_the_state_does_not_allow_is_409_and_says_which_are(housekeeper, cast):
    number = make_ticket("accepted", cast).number
    problem = refused(
        act(housekeeper, number, "acceptance", ACCEPT, '"2"'), 409, "illegal-transition"
    )
    shown = housekeeper.get(f"/tickets/{number}").json["allowed_actions"]
    assert problem["allowed_actions"] == shown
    assert "dispatch" in shown


def test_a_finished_ticket_allows_nothing_more(cast, client):
    case = make_ticket("withdrawn", cast)
    answer = act(
        Caller(client, cast.applicant), case.number, "withdrawal", {"reason": "再次"}, '"2"'
    )
    allowed = refused(answer, 409, "illegal-transition")["allowed_actions"]
    assert allowed == ["request_purge"], "and what should never have been there may still go"


def test_who_may_never_do_it_is_refused_before_the_version_is_looked_at(cast, client):
    case = make_ticket("handling", cast)
    caller = Caller(client, cast.applicant)
    refused(act(caller, case.number, "acceptance", ACCEPT, '"999"'), 403, "forbidden")


def test_who_proposed_a_refusal_may_not_rule_it(cast, client):
    case = make_ticket(cast=cast)
    case.act(Permission.PROPOSE_REFUSAL)
    body = {"approved": True}
    first, second = (Caller(client, one) for one in (cast.coordinator, cast.second_coordinator))
    refused(act(first, case.number, "refusal/approval", body, '"2"'), 403, "forbidden")
    assert act(second, case.number, "refusal/approval", body, '"2"').json["status"] == "refused"


def test_assignments_go_by_the_version_of_their_ticket(cast, client):
    number = make_ticket("handling", cast).number
    handler = Caller(client, cast.handler)
    [own] = handler.get("/assignments").json["items"]
    path = f"/assignments/{own['id']}/receipt"
    refused(handler.post(path), 428)
    refused(handler.post(path, version=1), 412, "stale-version")
    assert handler.post(path, version=own["ticket"]["version"]).json["number"] == number


def test_what_an_action_names_must_exist(cast, client):
    number = make_ticket("accepted", cast).number
    answer = act(
        Caller(client, cast.coordinator),
        number,
        "dispatch",
        {"lead_organisation_id": cast.lead_unit.id, "co_organisation_ids": [10**17, 10**17 + 1]},
        '"2"',
    )
    assert places(answer) == dict.fromkeys(
        ("/co_organisation_ids/0", "/co_organisation_ids/1"), "unknown-organisation"
    )
