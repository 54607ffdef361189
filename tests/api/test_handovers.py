"""Handing over: nothing moves before the signature, and everything with it."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.follow_up import FollowUpVisit
from app.models.notification import Notification
from app.models.pairing import Pairing
from app.models.sla import SlaClock
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from tests.callers import Caller
from tests.factories import (
    MONDAY,
    Cast,
    Person,
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_pairing,
    make_ticket,
)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY + timedelta(hours=2)):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def coordinator(client, cast) -> Caller:
    return Caller(client, cast.coordinator)


@pytest.fixture
def receiver() -> Person:
    return make_account(Role.HOUSEKEEPER, housekeeper_id=make_housekeeper("王华").id)


def open_to(caller: Caller, cast: Cast, receiver: Person, **more):
    body = {"reason": "transfer", "receiver_id": receiver.membership.housekeeper_id}
    return caller.post(f"/housekeepers/{cast.housekeeper_row.id}/handover", body | more)


def opened(caller: Caller, cast: Cast, receiver: Person, **more):
    answer = open_to(caller, cast, receiver, **more)
    assert answer.status_code == 201, answer.text
    return answer.json


def standing(enterprise_id: int) -> list[tuple[str, int, str]]:
    query = db.session.query(Pairing).filter_by(enterprise_id=enterprise_id)
    query = query.filter(Pairing.state != "ended").populate_existing().order_by(Pairing.role.desc())
    return [(one.role, one.housekeeper_id, one.state) for one in query]


def told(person: Person, about) -> list[str]:
    query = db.session.query(Notification).filter_by(account_id=person.account.id)
    return [one.kind for one in query.filter(about.is_not(None)).order_by(Notification.id)]


def test_it_lists_what_goes_over_and_nothing_moves_yet(client, coordinator, cast, receiver):
    case, _ = make_ticket("handling", cast), make_ticket("archived", cast)
    made = opened(coordinator, cast, receiver, note="请先看用电的事")
    assert made["checklist"]["enterprises"] == [
        {"id": cast.enterprise.id, "name": cast.enterprise.name, "role": "lead"}
    ]
    assert [one["number"] for one in made["checklist"]["tickets"]] == [case.number]
    assert (made["state"], made["is_overdue"]) == ("open", False)
    assert made["due_at"] == "2026-06-03T17:30:00+08:00"
    giver = cast.housekeeper_row.id
    assert standing(cast.enterprise.id) == [("lead", giver, "handing_over")]
    assert told(receiver, Notification.handover_id) == ["handover_to_sign"]
    assert Caller(client, cast.housekeeper).get(f"/tickets/{case.number}").status_code == 200
    assert Caller(client, receiver).get(f"/tickets/{case.number}").status_code == 404


def test_the_deputy_covers_meanwhile(client, coordinator, cast, receiver):
    row = make_housekeeper()
    make_pairing(cast.enterprise, row, role="deputy")
    deputy = Caller(client, make_account(Role.DEPUTY_HOUSEKEEPER, housekeeper_id=row.id))
    case = make_ticket("submitted", cast)
    opened(coordinator, cast, receiver)
    body = {"ticket_class": "normal", "category_code": "utilities"}
    assert deputy.act(case.number, "acceptance", body)["status"] == "accepted"


def test_the_signature_moves_everything_at_once(client, coordinator, cast, receiver):
    case, done = make_ticket("handling", cast), make_ticket("archived", cast)
    due_at, version = case.ticket.due_at, case.ticket.version
    made = opened(coordinator, cast, receiver)
    signed = Caller(client, receiver).post(f"/handovers/{made['id']}/signature")
    assert signed.status_code == 200, signed.text
    assert signed.json["state"] == "signed"
    successor, giver = receiver.membership.housekeeper_id, cast.housekeeper_row.id
    assert standing(cast.enterprise.id) == [("lead", successor, "active")]
    [old] = db.session.query(Pairing).filter_by(housekeeper_id=giver)
    assert (old.end_reason, old.handover_id) == ("handed_over", made["id"])
    db.session.expire_all()
    moved = db.session.get_one(Ticket, case.ticket.id)
    assert (moved.housekeeper_id, moved.due_at) == (successor, due_at)
    assert moved.version == version + 1
    assert db.session.get_one(Ticket, done.ticket.id).housekeeper_id == giver
    event = db.session.query(TicketEvent).filter_by(ticket_id=moved.id, action="hand_over").one()
    assert event.facts["handover_id"] == made["id"]
    assert event.facts["from_housekeeper_id"] == giver
    assert told(cast.applicant, Notification.pairing_id) == ["housekeeper_changed"]
    assert told(cast.housekeeper, Notification.handover_id) == ["handover_signed"]
    assert told(receiver, Notification.handover_id) == ["handover_to_sign", "handover_signed"]
    assert Caller(client, receiver).get(f"/tickets/{case.number}").status_code == 200
    assert Caller(client, cast.housekeeper).get(f"/tickets/{case.number}").status_code == 404
    again = Caller(client, receiver).post(f"/handovers/{made['id']}/signature")
    assert (again.status_code, again.json["title"]) == (409, "handover-settled")


def test_no_clock_stops(client, coordinator, cast, receiver):
    case = make_ticket("handling", cast)

    def clocks():
        query = db.session.query(SlaClock).filter_by(ticket_id=case.ticket.id).populate_existing()
        return [(one.kind, one.due_at, one.stopped_at) for one in query.order_by(SlaClock.id)]

    before = clocks()
    made = opened(coordinator, cast, receiver)
    assert Caller(client, receiver).post(f"/handovers/{made['id']}/signature").status_code == 200
    assert clocks() == before


def test_only_the_receiver_signs(client, coordinator, cast, receiver):
    made = opened(coordinator, cast, receiver)
    path = f"/handovers/{made['id']}/signature"
    assert Caller(client, cast.housekeeper).post(path).status_code == 404
    assert coordinator.post(path).status_code == 403


def test_planned_visits_go_over_with_the_signature(client, coordinator, cast, receiver):
    planned = FollowUpVisit(
        enterprise_id=cast.enterprise.id,
        housekeeper_id=cast.housekeeper_row.id,
        kind="yearly",
        planned_for=MONDAY.date(),
    )
    db.session.add(planned)
    db.session.flush()
    made = opened(coordinator, cast, receiver)
    Caller(client, receiver).post(f"/handovers/{made['id']}/signature")
    db.session.refresh(planned)
    assert planned.housekeeper_id == receiver.membership.housekeeper_id


def test_before_the_signature_it_can_be_cancelled(client, coordinator, cast, receiver):
    made = opened(coordinator, cast, receiver)
    path = f"/handovers/{made['id']}"
    cancelled = Caller(client, cast.housekeeper).post(f"{path}/cancellation")
    assert cancelled.json["state"] == "cancelled"
    assert standing(cast.enterprise.id) == [("lead", cast.housekeeper_row.id, "active")]
    assert Caller(client, receiver).post(f"{path}/signature").status_code == 409
    assert opened(coordinator, cast, receiver)["state"] == "open"


def test_who_does_not_sign_within_two_working_days_is_late(coordinator, cast, receiver):
    made = opened(coordinator, cast, receiver)
    assert coordinator.get("/handovers?state=open").json["items"] == [made]
    for hours, late in ((0, False), (1, True)):
        at = datetime.fromisoformat(made["due_at"]) + timedelta(hours=hours)
        with clock.frozen(at):
            shown = Caller(coordinator.client, cast.second_coordinator).get(
                f"/handovers/{made['id']}"
            )
            assert shown.json["is_overdue"] is late


def test_some_enterprises_may_go_and_others_stay(client, coordinator, cast, receiver):
    other = make_enterprise()
    make_pairing(other, cast.housekeeper_row)
    made = opened(coordinator, cast, receiver, enterprise_ids=[other.id])
    Caller(client, receiver).post(f"/handovers/{made['id']}/signature")
    assert standing(cast.enterprise.id) == [("lead", cast.housekeeper_row.id, "active")]
    assert standing(other.id) == [("lead", receiver.membership.housekeeper_id, "active")]


def test_a_deputy_who_takes_over_is_deputy_no_longer(client, coordinator, cast, receiver):
    successor = receiver.membership.housekeeper_id
    row = db.session.get_one(type(cast.housekeeper_row), successor)
    make_pairing(cast.enterprise, row, role="deputy")
    made = opened(coordinator, cast, receiver)
    Caller(client, receiver).post(f"/handovers/{made['id']}/signature")
    assert standing(cast.enterprise.id) == [("lead", successor, "active")]


@pytest.mark.parametrize("wrong", ["himself", "retired", "foreign"])
def test_the_receiver_is_a_colleague_on_duty(client, cast, coordinator, wrong):
    rows = {
        "himself": lambda: cast.housekeeper_row,
        "retired": lambda: make_housekeeper(duty_state="退休"),
        "foreign": make_housekeeper,
    }
    who = make_account(Role.HOUSEKEEPER, housekeeper_id=rows[wrong]().id)
    caller = Caller(client, cast.housekeeper) if wrong == "foreign" else coordinator
    answer = open_to(caller, cast, who)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/receiver_id"]


def test_what_is_not_there_is_not_handed_over(coordinator, cast, receiver):
    answer = open_to(coordinator, cast, receiver, enterprise_ids=[make_enterprise().id])
    assert [error["pointer"] for error in answer.json["errors"]] == ["/enterprise_ids"]
    opened(coordinator, cast, receiver)
    answer = open_to(coordinator, cast, receiver)
    assert (answer.status_code, answer.json["title"]) == (409, "nothing-to-hand-over")


def test_a_receiver_who_has_to_keep_away_receives_nothing(coordinator, cast, receiver):
    body = {
        "enterprise_id": cast.enterprise.id,
        "housekeeper_id": receiver.membership.housekeeper_id,
    }
    assert coordinator.post("/recusals", body).status_code == 201
    assert open_to(coordinator, cast, receiver).json["title"] == "recusal"
