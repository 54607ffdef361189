"""挂账跟踪 as it is stored, listed, told, kept from warnings and left out of on-time scoring."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from services.tickets.due import due_warnings
from services.tickets.show import show_ticket
from tests.domain.story import tracked_by
from tests.factories import MONDAY, Case, make_organisation, make_ticket
from tests.services.reports.test_closure import rate, report
from tests.services.tickets.test_judging import listed
from tests.services.tickets.test_notices import COORDINATORS, heard

pytestmark = pytest.mark.usefixtures("database")

AFTER = MONDAY + timedelta(days=14)
ON_TIME = ("timely_completion_rate", "timely_assignment_rate")


def tracked() -> Case:
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    case.act(Act.TRACK_OPEN)
    return case


def scored(case: Case) -> list[tuple[int, int, int]]:
    totals = report(case.cast.supervisor.actor, at=AFTER)["totals"]
    return [rate(totals, key) for key in ON_TIME]


def test_everybody_finds_it_among_the_tracked_until_it_ends():
    case = tracked()
    cast = case.cast
    readers = (cast.applicant, cast.housekeeper, cast.handler, cast.coordinator, cast.supervisor)
    for reader in readers:
        assert listed(case, reader.actor, "tracked_open") == [case.number]
    case.act(Act.END_TRACKING)
    assert listed(case, cast.applicant.actor, "tracked_open") == []


def test_the_enterprise_reads_whose_it_is_and_officials_the_name():
    case = tracked()
    unit = case.cast.lead_unit
    [told] = show_ticket(case.cast.applicant.actor, case.number, at=case.at)["matters"]
    assert told["details"] == {
        "owner_organisation_id": unit.id,
        "owner_organisation_name": unit.name,
        "reason": "资金待批复",
        "next_review_on": "2026-06-11",
    }
    [inner] = show_ticket(case.cast.supervisor.actor, case.number, at=case.at)["matters"]
    assert inner["details"]["owner_name"] == case.cast.handler.account.name


def test_who_hears_of_it():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    offices = {"applicant", "housekeeper"} | COORDINATORS
    owner = {"handler", "unit_approver"}
    seq = case.act(Act.TRACK_OPEN).event.seq
    assert heard(case, seq) == {"tracked_open": offices | owner | {"co_handler"}}
    assert heard(case, case.act(Act.TRACK_OPEN).event.seq) == {"tracked_open": offices | owner}
    seq = case.act(Act.END_TRACKING).event.seq
    assert heard(case, seq) == {"tracking_ended": offices | {"handler", "co_handler"}}


def test_the_owner_is_of_the_unit():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    cast = case.cast
    by_co = tracked_by(cast.co_unit.id, cast.handler.account.id)
    housekeeper = cast.housekeeper.actor.housekeeper_id
    for given, place in (
        (by_co, "/owner_account_id"),
        (replace(by_co, owner_organisation_id=2**40), "/owner_organisation_id"),
        (
            replace(by_co, owner_account_id=None, owner_housekeeper_id=housekeeper),
            "/owner_housekeeper_id",
        ),
        (
            replace(by_co, owner_organisation_id=make_organisation().id),
            "/owner_account_id",
        ),
    ):
        with pytest.raises(InvalidInput) as error:
            case.act(Act.TRACK_OPEN, given)
        assert [one.pointer for one in error.value.errors] == [place]


def test_the_sweep_leaves_it_alone():
    case = tracked()
    pressed = [one.facts.clock for one in due_warnings(at=AFTER) if one.number == case.number]
    assert not {"finish", "assignment", "opinion"} & set(pressed)
    case.act(Act.END_TRACKING)
    pressed = [one.facts.clock for one in due_warnings(at=AFTER) if one.number == case.number]
    assert {"finish", "assignment", "opinion"} <= set(pressed)


def test_it_leaves_on_time_scoring_and_stays_among_the_open():
    case = make_ticket(Status.HANDLING)
    assert scored(case) == [(0, 1, 0), (0, 1, 0)]
    case.act(Act.ESCALATE)
    case.act(Act.TRACK_OPEN)
    assert scored(case) == [(0, 0, 0), (0, 0, 0)]
    counts = report(case.cast.supervisor.actor, at=AFTER)["totals"]["counts"]
    assert (counts["accepted"], counts["pending"], counts["overdue_open"]) == (1, 1, 0)


def test_what_was_tracked_does_not_come_back_into_it():
    case = tracked()
    case.act(Act.END_TRACKING)
    assert scored(case) == [(0, 0, 0), (0, 0, 0)]
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        case.act(action)
    assert scored(case) == [(0, 0, 0), (0, 0, 0)]
