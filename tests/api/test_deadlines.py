"""`GET /tickets/{number}/deadline`: every interval that was counted, for who may know it."""

import pytest

from app import clock
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import Case, make_account, make_ticket


@pytest.fixture
def ask(client):
    """Asks for the deadlines of a case as somebody, at a time."""

    def asked(case: Case, person, at: str = "2026-06-01 10:30"):
        with clock.frozen(local(at)):
            return Caller(client, person).get(f"/tickets/{case.number}/deadline")

    return asked


def clocks(answer) -> dict:
    assert answer.status_code == 200, answer.text
    return {each["kind"]: each for each in answer.json["clocks"]}


def test_the_intervals_lead_to_the_due_time(ask):
    case = make_ticket()
    accept = clocks(ask(case, case.cast.applicant, "2026-06-02 09:30"))["accept"]
    counted = [(each["start"][5:16], each["end"][5:16]) for each in accept["intervals"]]
    assert counted == [
        ("06-01T10:00", "06-01T12:00"),
        ("06-01T13:30", "06-01T17:30"),
        ("06-02T08:30", "06-02T12:00"),
        ("06-02T13:30", "06-02T17:30"),
    ]
    assert sum(each["minutes"] for each in accept["intervals"]) == accept["total_minutes"] == 810
    assert (accept["elapsed_minutes"], accept["remaining_minutes"]) == (420, 390)
    assert accept["due_at"] == "2026-06-02T17:30:00+08:00"
    assert (accept["light"], accept["until"], accept["is_leading"]) == ("green", "due", True)
    assert (accept["limit_amount"], accept["limit_unit"]) == (1, "working_days")
    assert (accept["label"], accept["is_provisional"]) == ("受理时限", False)


def test_a_pause_is_left_out_and_shown(ask):
    case = make_ticket()
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-01 11:00"))
    waiting = clocks(ask(case, case.cast.housekeeper, "2026-06-02 11:00"))
    assert (waiting["accept"]["light"], waiting["accept"]["due_at"]) == ("paused", None)
    assert waiting["supplement"]["due_at"] == "2026-06-08T17:30:00+08:00"
    case.act(Act.SUPPLY, at=local("2026-06-03 11:00"))
    accept = clocks(ask(case, case.cast.housekeeper, "2026-06-03 11:00"))["accept"]
    [pause] = accept["pauses"]
    assert (pause["start"][5:16], pause["end"][5:16]) == ("06-01T11:00", "06-03T11:00")
    assert sum(each["minutes"] for each in accept["intervals"]) == accept["total_minutes"]
    assert accept["due_at"] == "2026-06-04T17:30:00+08:00"


def test_a_late_clock_is_red_and_its_time_negative(ask):
    case = make_ticket()
    accept = clocks(ask(case, case.cast.housekeeper, "2026-06-03 09:30"))["accept"]
    assert (accept["light"], accept["remaining_minutes"]) == ("red", -60)


def test_officials_see_the_clocks_of_the_units_and_the_enterprise_does_not(ask):
    case = make_ticket(Status.REVISITING)
    outside = clocks(ask(case, case.cast.applicant))
    inside = clocks(ask(case, case.cast.coordinator))
    assert set(outside) == {"first_contact", "accept", "finish", "stage_report", "objection"}
    assert set(inside) - set(outside) == {"assignment", "opinion", "revisit"}
    assert inside["assignment"]["organisation_id"] == case.cast.lead_unit.id
    assert inside["assignment"]["until"] == "stopped"


def test_the_leading_clock_is_the_one_that_the_ticket_shows(ask):
    case = make_ticket(Status.HANDLING)
    leading = [
        each for each in clocks(ask(case, case.cast.coordinator)).values() if each["is_leading"]
    ]
    assert [each["kind"] for each in leading] == ["finish"]
    assert local(leading[0]["due_at"][:16].replace("T", " ")) == case.ticket.due_at


def test_nothing_leads_once_nothing_is_due(ask):
    case = make_ticket(Status.ARCHIVED)
    answer = ask(case, case.cast.coordinator)
    assert not [each for each in answer.json["clocks"] if each["is_leading"]]
    assert {each["until"] for each in answer.json["clocks"]} == {"stopped"}


def test_the_rounds_are_told_apart(ask):
    case = make_ticket(Status.COORDINATING)
    answer = ask(case, case.cast.coordinator)
    rounds = [each["round"] for each in answer.json["clocks"] if each["kind"] == "finish"]
    assert rounds == [1, 2]


@pytest.mark.parametrize("role", ["enterprise_admin", "handler", "housekeeper"])
def test_another_ones_ticket_is_not_there(ask, role):
    assert ask(make_ticket(), make_account(role)).status_code == 404


@pytest.mark.parametrize("role", ["sys_admin", "register_officer", "lay_supervisor"])
def test_who_reads_no_tickets_reads_no_deadlines(ask, role):
    assert ask(make_ticket(), make_account(role)).status_code == 403
