"""统计报表 over HTTP: what may be asked, by whom, and that the list shows what is counted."""

import pytest

from app import clock
from app.domain.actor import Role
from app.domain.vocabulary import Status
from tests.callers import Caller
from tests.factories import MONDAY, make_account, make_cast, make_ticket

JUNE = {"from": "2026-06-01", "to": "2026-07-01"}


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def supervisor(client, cast) -> Caller:
    return Caller(client, cast.supervisor)


def ask(caller, **query):
    return caller.get("/reports/closure", query_string=JUNE | query)


def faults(answer):
    assert answer.status_code == 422
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]


def test_the_report_is_shown_with_its_definitions(supervisor, cast):
    make_ticket(Status.ARCHIVED, cast)
    with clock.frozen(MONDAY.replace(hour=18)):
        answer = ask(Caller(supervisor.client, cast.supervisor), group_by="category")
    assert answer.status_code == 200
    body = answer.json
    assert (body["from"], body["to"], body["cohort"]) == ("2026-06-01", "2026-07-01", False)
    assert body["as_of"] == "2026-06-01T18:00:00+08:00"
    keys = {entry["key"] for entry in body["definitions"]}
    assert keys == {*body["totals"]["counts"], *body["totals"]["indicators"]}
    assert body["totals"]["counts"]["archived"] == 1
    assert body["totals"]["indicators"]["completion_rate"] == {
        "numerator": 1,
        "denominator": 1,
        "rate": 1.0,
        "is_small": True,
        "pending": 0,
    }
    assert [line["name"] for line in body["groups"] if line["counts"]["archived"]] == [
        "水电气热与通讯"
    ]


@pytest.mark.parametrize("group_by", ["area", "organisation", "category", "month"])
@pytest.mark.parametrize("cohort", ["false", "true"])
def test_behind_each_number_lie_its_tickets(client, cast, group_by, cohort):
    for status in (Status.SUBMITTED, Status.ACCEPTED, Status.FEEDBACK):
        make_ticket(status, cast)
    with clock.frozen(MONDAY.replace(hour=18)):
        caller = Caller(client, cast.supervisor)
        body = ask(caller, group_by=group_by, cohort=cohort).json
        for line in [body["totals"], *body["groups"]]:
            for instant, query in line["tickets"].items():
                listed = caller.get("/tickets", query_string=query).json["items"]
                assert len(listed) == line["counts"][instant.removesuffix("_at")]
    assert body["totals"]["tickets"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"to": "2026-06-01"}, [("/to", "period")]),
        ({"to": "2030-06-01"}, [("/to", "period")]),
        ({"from": "1.6.2026"}, [("/from", "type")]),
        ({"from": ""}, [("/from", "type")]),
        ({"as_of": "2026-05-31"}, [("/as_of", "period")]),
        ({"as_of": "2099-01-01"}, [("/as_of", "period")]),
        ({"group_by": "person"}, [("/group_by", "choice")]),
        ({"cohort": "yes"}, [("/cohort", "type")]),
        ({"area": "210302000000"}, [("/area", "unknown")]),
    ],
)
def test_a_wrong_question_is_explained(supervisor, query, wrong):
    assert faults(ask(supervisor, **query)) == wrong


def test_the_period_must_be_given(supervisor):
    answer = supervisor.get("/reports/closure")
    assert faults(answer) == [("/from", "required"), ("/to", "required")]


ALLOWED = {Role.COORDINATOR, Role.SUPERVISOR, Role.UNIT_APPROVER, Role.LAY_SUPERVISOR}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_statistics_are_for_those_who_steer(client, database, role):
    answer = ask(Caller(client, make_account(role)))
    assert answer.status_code == (200 if role in ALLOWED else 403)
