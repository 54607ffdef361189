"""Who is complained of is passed by, and hears of it through no door; who asked for it is nameless.

A unit with an assignment of it, a person in another role, the housekeeper: all of them are outside.
"""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.errors import InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.intake import Complained, Submission
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.supervision.tell import tell_supervisors, tell_unit
from tests.api.rights.things_of_supervision import things_of_supervision
from tests.api.secrecy.doors import REASON, REPORT, searched
from tests.callers import Caller
from tests.factories import (
    MONDAY,
    Case,
    Cast,
    make_account,
    make_organisation,
    make_ticket,
)
from tests.factories.files import make_attachment

TITLE, BODY = "对窗口推诿的反映", "承办窗口推诿，多次要求重复提交材料。"


def told(case: Case) -> set[int]:
    """The accounts that any message about the ticket went to."""
    query = sa.select(Notification.account_id).where(Notification.ticket_id == case.ticket.id)
    return set(db.session.scalars(query))


@pytest.fixture
def about_unit(cast) -> Case:
    """At its units; then the lead unit turns out to be the one that is complained of."""
    case = make_ticket(Status.HANDLING, cast, submit=Submission(TITLE, BODY))
    units = {"complained_organisation_ids": [cast.lead_unit.id]}
    db.session.execute(sa.update(Ticket).where(Ticket.number == case.number).values(units))
    return case


def unit_people(cast: Cast) -> dict:
    """Those who sit in the unit, and one of them who also sits somewhere else."""
    both = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    office = make_organisation().id
    return {
        "handler": cast.handler,
        "unit_approver": cast.unit_approver,
        "co_handler": make_account(Role.CO_HANDLER, organisation_id=cast.lead_unit.id),
        "elsewhere": make_account(Role.COORDINATOR, both.account, organisation_id=office),
    }


@pytest.mark.parametrize("who", ["handler", "unit_approver", "co_handler", "elsewhere"])
def test_the_unit_sees_it_through_no_door(client, about_unit, cast, who):
    file_id = make_attachment(about_unit, cast.applicant).id
    caller, number = Caller(client, unit_people(cast)[who]), about_unit.number
    for path in (f"/tickets/{number}", f"/tickets/{number}/events", f"/tickets/{number}/deadline"):
        assert caller.get(path).status_code == 404, path
    assert caller.get(f"/attachments/{file_id}").status_code == 404
    assert caller.post(f"/tickets/{number}/reveal", REASON).status_code in {403, 404}
    for path in ("/tickets?limit=100", "/assignments"):
        assert number not in caller.get(path).text, path
    for q in ("推诿", number):
        assert number not in searched(caller, q)


SUPERVISION = ("/cards", "/supervision-orders", "/letters", "/bulletin-entries")


def watchers(cast: Cast) -> dict:
    """Those who sit in the unit, and a supervisor and a coordinator whose office it is."""
    office = cast.lead_unit.id
    return unit_people(cast) | {
        "coordinator there": make_account(Role.COORDINATOR, organisation_id=office),
        "supervisor there": make_account(Role.SUPERVISOR, organisation_id=office),
    }


@pytest.mark.parametrize(
    "who", ["handler", "unit_approver", "elsewhere", "coordinator there", "supervisor there"]
)
def test_no_card_order_letter_or_entry_tells_of_it(client, about_unit, cast, who):
    things = things_of_supervision(about_unit)
    caller = Caller(client, watchers(cast)[who])
    for path in (
        f"/supervision-orders/{things['order_id']}",
        f"/letters/{things['letter_id']}",
        f"/tickets/{about_unit.number}/dispatch-suggestions",
    ):
        assert caller.get(path).status_code in {403, 404}, path
    for path in SUPERVISION:
        assert about_unit.number not in caller.get(path).text, path
    supervisor = Caller(client, cast.supervisor)
    for path in SUPERVISION:
        assert about_unit.number in supervisor.get(path).text, path


def test_no_order_and_no_letter_goes_to_the_unit(client, about_unit, cast):
    supervisor, unit = Caller(client, cast.supervisor), cast.lead_unit.id
    wishes = {
        "/supervision-orders": {"ticket_number": about_unit.number, "grounds": "多次没有进展。"},
        "/letters": {"ticket_numbers": [about_unit.number], "facts": "多次没有进展。"},
    }
    for path, wish in wishes.items():
        answer = supervisor.post(path, wish | {"organisation_id": unit})
        assert answer.status_code == 422, answer.text
        [error] = answer.json["errors"]
        assert (error["pointer"], error["code"]) == ("/organisation_id", "complained-of")


def test_no_word_of_supervision_reaches_who_is_complained_of(client, about_unit, cast):
    inside = watchers(cast)
    before = told(about_unit)
    tell_unit(MessageKind.ORDER_FOR_UNIT, about_unit.number, cast.lead_unit.id, at=MONDAY)
    tell_supervisors(MessageKind.ORDER_ANSWERED, about_unit.number, at=MONDAY)
    heard = told(about_unit) - before
    assert cast.supervisor.account.id in heard
    assert not {person.account.id for person in inside.values()} & heard


def test_no_shared_list_tells_of_it(client, about_unit, cast):
    row = cast.housekeeper_row.id
    load = Caller(client, cast.coordinator).get(f"/housekeepers/{row}/load")
    assert load.json["open_tickets"] == 0
    officer = make_account(Role.REGISTER_OFFICER, organisation_id=cast.lead_unit.id)
    closing = {"reason": "注销登记"}
    answer = Caller(client, officer).post(f"/enterprises/{cast.enterprise.id}/closure", closing)
    assert answer.status_code in {403, 409}, answer.text
    assert about_unit.number not in answer.text


def test_its_statistics_do_not_count_it(client, about_unit, cast):
    report = Caller(client, cast.unit_approver).get(REPORT).json
    assert report["totals"]["counts"]["submitted"] == 0


@pytest.mark.parametrize("who", ["applicant", "coordinator", "co_handler"])
def test_others_see_it_as_ever(client, about_unit, cast, who):
    assert (
        Caller(client, getattr(cast, who)).get(f"/tickets/{about_unit.number}").status_code == 200
    )


def test_it_is_dispatched_past_the_unit_and_nobody_there_is_told(cast):
    about = Complained(organisation_ids=(cast.lead_unit.id,))
    case = make_ticket(Status.ACCEPTED, cast, submit=Submission(TITLE, BODY, complains_of=about))
    for dispatch in (
        Dispatch(cast.lead_unit.id),
        Dispatch(cast.co_unit.id, (cast.lead_unit.id,)),
    ):
        with pytest.raises(InvalidInput) as refusal:
            case.act(Act.DISPATCH, dispatch)
        assert [error.code for error in refusal.value.errors] == ["complained-of"]
    inside = unit_people(cast)
    case.act(Act.DISPATCH, Dispatch(cast.co_unit.id))
    assert cast.co_handler.account.id in told(case)
    assert not {person.account.id for person in inside.values()} & told(case)


def test_a_coordinator_who_also_sits_there_is_not_told(cast):
    elsewhere = unit_people(cast)["elsewhere"]
    about = Complained(organisation_ids=(cast.lead_unit.id,))
    open_case = make_ticket(Status.SUBMITTED, cast, submit=Submission(TITLE, BODY))
    kept = make_ticket(Status.SUBMITTED, cast, submit=Submission(TITLE, BODY, complains_of=about))
    for case in (open_case, kept):
        case.act(Act.PROPOSE_REFUSAL)
    assert elsewhere.account.id in told(open_case)
    assert elsewhere.account.id not in told(kept)
    assert cast.second_coordinator.account.id in told(kept)


@pytest.mark.parametrize("of", ["housekeeper", "the housekeeper's unit"])
def test_a_complaint_about_the_housekeeper_goes_to_the_coordinators(client, cast, of):
    unit = cast.housekeeper.membership.organisation_id
    office = make_organisation().id
    twice = make_account(Role.COORDINATOR, cast.housekeeper.account, organisation_id=office)
    complained = {"housekeeper": True} if of == "housekeeper" else {"organisation_ids": [unit]}
    body = {"title": TITLE, "body": BODY, "complains_of": complained}
    number = Caller(client, cast.applicant).submit(body).json["number"]
    case = Case(number, cast, MONDAY)
    assert cast.coordinator.account.id in told(case)
    assert cast.housekeeper.account.id not in told(case)
    for person in (cast.housekeeper, twice):
        caller = Caller(client, person)
        assert caller.get(f"/tickets/{number}").status_code == 404
        assert number not in caller.get("/tickets?limit=100").text
    load = Caller(client, cast.coordinator).get(f"/housekeepers/{cast.housekeeper_row.id}/load")
    assert load.json["open_tickets"] == 0
    assert Caller(client, cast.coordinator).get(f"/tickets/{number}").status_code == 200


def test_whom_nobody_knows_cannot_be_complained_of(client, cast):
    body = {"title": TITLE, "body": BODY, "complains_of": {"organisation_ids": [999_999]}}
    caller = Caller(client, cast.applicant)
    headers = caller.headers() | {"Idempotency-Key": "complaint-1"}
    answer = client.post("/api/v1/tickets", json=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"][0]["pointer"] == "/complains_of/organisation_ids/0"


@pytest.fixture
def nameless(cast) -> Case:
    said = Submission(
        TITLE, BODY, is_anonymous=True, contact_name="钱七", contact_phone="13811112222"
    )
    return make_ticket(Status.HANDLING, cast, submit=said)


HIDDEN_FROM = ("handler", "unit_approver", "co_handler")


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_the_units_handle_it_and_do_not_learn_whose_it_is(client, nameless, cast, who):
    caller, number = Caller(client, getattr(cast, who)), nameless.number
    ticket = caller.get(f"/tickets/{number}").json
    assert ticket["enterprise"] == {"id": None, "name": "匿名企业"}
    assert ticket["contact"] is None
    name, person = cast.enterprise.name, cast.applicant.account.name
    for path in (f"/tickets/{number}", f"/tickets/{number}/events", "/tickets", "/assignments"):
        text = caller.get(path).text
        assert number in text or path.endswith("/events"), path
        assert name not in text, path
        assert person not in text, path
    assert number not in searched(caller, name)
    assert number not in caller.get(f"/tickets?enterprise={cast.enterprise.id}").text
    assert caller.post(f"/tickets/{number}/reveal", REASON).status_code == 403
    assert number in searched(caller, "推诿")


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_a_stale_version_does_not_name_the_person_either(client, nameless, cast, who):
    caller = Caller(client, getattr(cast, who))
    listed = caller.get("/assignments").json["items"]
    own = next(one for one in listed if one["ticket"]["number"] == nameless.number)
    noun = "approval" if who == "unit_approver" else "receipt"
    body = {"approved": True} if who == "unit_approver" else {}
    answer = caller.post(f"/assignments/{own['id']}/{noun}", body, version=1)
    assert cast.applicant.account.name not in answer.text


@pytest.mark.parametrize("who", ["coordinator", "housekeeper", "applicant"])
def test_coordinators_know_whose_it_is(client, nameless, cast, who):
    ticket = Caller(client, getattr(cast, who)).get(f"/tickets/{nameless.number}").json
    assert ticket["enterprise"]["id"] == cast.enterprise.id
    assert ticket["is_anonymous"] is True
