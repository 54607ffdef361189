"""What a change is answered with is what reading the ticket right after gives."""

import pytest

from app import clock
from tests.callers import Caller
from tests.factories import MONDAY, make_cast

REQUEST = {
    "title": "厂区用电增容",
    "body": "新生产线投产需要增加用电容量，请协调。",
    "category_code": "utilities",
    "contact_name": "王小明",
    "contact_phone": "13812345678",
}


@pytest.fixture
def cast(database):
    with clock.frozen(MONDAY):
        yield make_cast()


@pytest.mark.parametrize("left_out", [(), ("category_code",), ("contact_name", "contact_phone")])
def test_a_submission(client, cast, left_out):
    applicant = Caller(client, cast.applicant)
    asked = {name: value for name, value in REQUEST.items() if name not in left_out}
    made = applicant.submit(asked)
    assert made.json == applicant.get(f"/tickets/{made.json['number']}").json
    assert made.headers["Location"] == f"/api/v1/tickets/{made.json['number']}"


def test_a_submission_for_an_enterprise(client, cast):
    operator = Caller(client, cast.operator)
    asked = REQUEST | {"enterprise_id": cast.enterprise.id, "channel": "hotline"}
    made = operator.submit(asked)
    assert made.json == operator.get(f"/tickets/{made.json['number']}").json


def test_an_action(client, cast):
    housekeeper = Caller(client, cast.housekeeper)
    number = Caller(client, cast.applicant).submit(REQUEST).json["number"]
    body = {"ticket_class": "normal", "category_code": "utilities"}
    answer = housekeeper.post(f"/tickets/{number}/acceptance", body, version=1)
    assert answer.json == housekeeper.get(f"/tickets/{number}").json


def test_what_is_inner_is_in_the_officials_history_only(client, cast):
    applicant, housekeeper = (Caller(client, one) for one in (cast.applicant, cast.housekeeper))
    number = applicant.submit(REQUEST).json["number"]
    refusal = {"ground": "other_procedure", "explanation": "不属于受理范围。", "right_door": "法院"}
    answer = housekeeper.post(f"/tickets/{number}/refusal", refusal, version=1)
    assert answer.status_code == 200, answer.text

    def told(caller: Caller) -> list[str]:
        events = caller.get(f"/tickets/{number}/events").json["items"]
        return [event["action"] for event in events]

    assert told(applicant) == ["submit"]
    assert told(housekeeper) == ["submit", "propose_refusal"]
