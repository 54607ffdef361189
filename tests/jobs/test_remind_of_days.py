"""到日提醒: the sweep tells who has to come, to finish or to look again, each once."""

from datetime import date

import pytest

from app import clock
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.facts.meeting_tasks import TaskDone
from app.domain.facts.tracking import Tracking
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from jobs.remind_of_days import remind_of_days
from jobs.schedule import SCHEDULE
from services.tickets.days import days_to_remind_of
from tests.domain.calendars import local
from tests.factories import Case, make_ticket
from tests.services.tickets.test_judging import listed
from tests.services.tickets.test_notices import COORDINATORS, heard

pytestmark = pytest.mark.usefixtures("database")

EVE, MORNING = local("2026-06-05 16:00"), local("2026-06-08 08:30")
REVIEW = local("2026-06-11 08:30")


def sweep(at) -> int:
    with clock.frozen(at):
        outcome = remind_of_days()
    assert outcome.failures == 0
    return outcome.items


def met(day: date) -> Case:
    """A ticket about which a joint meeting is called for `day`."""
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    units = (case.cast.lead_unit.id, case.cast.co_unit.id)
    case.act(Act.CONVENE_JOINT_MEETING, JointMeeting(units, "明确管线归属", day))
    return case


def with_task() -> Case:
    """One with a task of the lead unit, due on a Friday."""
    case = met(date(2026, 6, 8))
    lead = case.cast.lead_unit.id
    action = MeetingAction(lead, "完成管线迁改", date(2026, 6, 5))
    case.act(Act.CONCLUDE_JOINT_MEETING, MeetingConclusion("会议议定。", lead, (action,)))
    return case


def test_it_is_one_of_the_jobs():
    assert remind_of_days in [job.function for job in SCHEDULE]


def test_who_comes_hears_of_tomorrow_once():
    case = met(date(2026, 6, 8))
    assert sweep(local("2026-06-05 15:59")) == 0
    assert sweep(EVE) == 1
    people = {"handler", "co_handler", "unit_approver", "supervisor", "housekeeper"}
    assert heard(case, case.ticket.event_seq)["meeting_tomorrow"] >= people | COORDINATORS
    assert "applicant" not in heard(case, case.ticket.event_seq)["meeting_tomorrow"]
    assert sweep(EVE) == 0


def test_of_a_meeting_that_is_over_nobody_hears():
    case = met(date(2026, 6, 8))
    assert sweep(MORNING) == 1
    assert heard(case, case.ticket.event_seq) == {}
    assert sweep(MORNING) == 0


def test_one_that_was_settled_since_is_left_alone():
    with_task()
    assert sweep(EVE) == 0


def test_a_late_task_is_told_and_queued_until_it_is_done():
    case = with_task()
    cast = case.cast
    assert listed(case, cast.coordinator.actor, "late_meeting_tasks") == []
    assert listed(case, cast.handler.actor, "meeting_tasks") == [case.number]
    assert listed(case, cast.co_handler.actor, "meeting_tasks") == []
    assert sweep(MORNING) == 1
    told = heard(case, case.ticket.event_seq)["task_late"]
    assert told == {"handler", "unit_approver"} | COORDINATORS
    for reader in (cast.coordinator, cast.supervisor):
        assert listed(case, reader.actor, "late_meeting_tasks") == [case.number]
        assert case.number in listed(case, reader.actor, "todo")
    assert sweep(MORNING) == 0
    case.act(Act.COMPLETE_MEETING_TASK, TaskDone(1, "已迁改"), at=MORNING)
    assert listed(case, cast.coordinator.actor, "late_meeting_tasks") == []
    assert listed(case, cast.handler.actor, "meeting_tasks") == []


def test_the_owner_is_told_to_look_again():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    case.act(Act.TRACK_OPEN)
    assert sweep(REVIEW) == 1
    told = heard(case, case.ticket.event_seq)["review_due"]
    assert told == {"handler", "unit_approver", "supervisor"}
    assert sweep(REVIEW) == 0
    case.act(Act.REVIEW_TRACKING, at=local("2026-06-11 10:00"))
    assert days_to_remind_of(at=REVIEW) == []
    assert sweep(local("2026-06-12 08:30")) == 1


def test_a_housekeeper_who_owns_it_is_told():
    case = make_ticket(Status.HANDLING)
    case.act(Act.ESCALATE)
    housekeeper = case.cast.housekeeper.actor
    owner = Tracking(
        housekeeper.organisation_id or 0,
        "资金待批复",
        date(2026, 6, 11),
        owner_housekeeper_id=housekeeper.housekeeper_id,
    )
    case.act(Act.TRACK_OPEN, owner)
    assert sweep(REVIEW) == 1
    assert heard(case, case.ticket.event_seq)["review_due"] == {"housekeeper", "supervisor"}
    case.act(Act.REVIEW_TRACKING, by=housekeeper, at=local("2026-06-11 10:00"))
