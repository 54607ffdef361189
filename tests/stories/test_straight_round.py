"""一件诉求走完六步, over HTTP: the words of the product, from finger to archive."""

from dataclasses import fields

import pytest

from app import clock
from app.domain.actor import system
from app.domain.facts.aftercare import Archiving
from app.domain.permissions import Permission
from services.tickets.perform import Command, perform
from tests.callers import Caller
from tests.factories import MONDAY, Person, make_cast

REQUEST = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}
ANSWER = {"result_code": "solved", "answer": "已协调供电公司完成增容。", "is_contacted": False}


class Town:
    """Everybody of the cast, logged in."""

    def __init__(self, client, cast) -> None:
        self.cast = cast
        for member in fields(cast):
            person = getattr(cast, member.name)
            if isinstance(person, Person):
                setattr(self, member.name, Caller(client, person))


@pytest.fixture
def town(client):
    with clock.frozen(MONDAY):
        yield Town(client, make_cast())


def test_a_request_goes_once_round_the_loop(town):
    number = town.applicant.submit(REQUEST).json["number"]
    queue = town.housekeeper.get("/tickets?queue=todo").json["items"]
    assert [item["number"] for item in queue] == [number]
    assert "accept" in queue[0]["allowed_actions"]

    accept_and_dispatch(town, number)
    town.co_handler.act_for_unit(number, "opinion", {"opinion": "现场具备增容条件。"})
    town.handler.act_for_unit(number, "receipt")
    town.handler.act_for_unit(number, "reply", ANSWER)
    town.co_handler.act_for_unit(number, "countersignature", {"agrees": True})
    released = town.unit_approver.act_for_unit(number, "approval", {"approved": True})
    assert released["status"] == "feedback"
    hear_and_rate(town, number)

    perform(system("test"), Command(number, Permission.ARCHIVE, Archiving()), at=MONDAY)
    assert town.applicant.get(f"/tickets/{number}").json["status"] == "archived"


def accept_and_dispatch(town, number):
    town.housekeeper.act(number, "first-contact", {"note": "已电话联系企业"})
    accepted = town.housekeeper.act(
        number, "acceptance", {"ticket_class": "normal", "category_code": "utilities"}
    )
    assert (accepted["status"], accepted["step"]) == ("accepted", "coordinate")
    units = {
        "lead_organisation_id": town.cast.lead_unit.id,
        "co_organisation_ids": [town.cast.co_unit.id],
    }
    assert town.coordinator.act(number, "dispatch", units)["status"] == "handling"


def hear_and_rate(town, number):
    read = town.applicant.act(number, "feedback/receipt")
    assert (read["status"], read["reply"]["answer"]) == ("revisiting", ANSWER["answer"])
    call = {"is_reached": True, "outcome": "solved", "is_reply_true": True, "satisfaction": 5}
    assert town.revisitor.act(number, "revisit", call)["status"] == "evaluating"
    rated = town.applicant.act(number, "evaluation", {"level": 5})
    assert rated["level"] == 5
    may = ["evaluate", "object", "comment", "request_purge"]
    assert rated["allowed_actions"] == may, "may think again"


def test_the_enterprise_sees_its_story_without_what_is_inner(town):
    number = town.applicant.submit(REQUEST).json["number"]
    town.housekeeper.act(
        number,
        "acceptance",
        {"ticket_class": "normal", "category_code": "utilities", "note": "老客户，先稳住"},
    )
    told = town.applicant.get(f"/tickets/{number}/events")
    assert [event["action"] for event in told.json["items"]] == ["submit", "accept"]
    assert "老客户" not in told.text
    assert "老客户" in town.housekeeper.get(f"/tickets/{number}/events").text


def test_the_enterprise_hears_what_it_waits_for(town):
    number = town.applicant.submit(REQUEST).json["number"]
    town.housekeeper.act(
        number, "acceptance", {"ticket_class": "consult", "category_code": "policy"}
    )
    town.housekeeper.act(number, "feedback", ANSWER)
    kinds = [message["kind"] for message in town.applicant.get("/me/messages").json["items"]]
    assert kinds == ["feedback_ready", "accepted"]
