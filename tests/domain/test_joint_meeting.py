"""联席会议: at the top the leaders decide who does what until when, and that binds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.permissions import Permission as Act
from app.domain.returns import needs_consultation
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import MatterKind, MatterOutcome, Status
from tests.domain.calendars import local
from tests.domain.returned import CO_UPHELD, THIRD, A, S, asked, co_asks, state_of
from tests.domain.stage import CO, LEAD, Play, play_to
from tests.domain.story import MONDAY
from tests.domain.test_escalation import UP

TODAY = MONDAY.date()
YESTERDAY, NEXT_WEEK = TODAY - timedelta(days=1), TODAY + timedelta(days=7)


def called(status: Status = S.HANDLING, **given) -> Play:
    play = play_to(status, **given)
    play.act(Act.ESCALATE)
    play.act(Act.CONVENE_JOINT_MEETING)
    return play


def concluding(lead: int, *helping: int, owner: int | None = None) -> MeetingConclusion:
    action = MeetingAction(owner or lead, "完成迁改", NEXT_WEEK)
    return MeetingConclusion("会议议定由其主办。", lead, (action,), helping)


def faults(play: Play, action: Act, given) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as error:
        play.try_to(action, given)
    return [(one.pointer, one.code) for one in error.value.errors]


def test_nobody_meets_about_what_was_not_raised_to_the_top():
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE, UP)
    with pytest.raises(IllegalTransition):
        play.act(Act.CONVENE_JOINT_MEETING)
    play.act(Act.ESCALATE)
    with pytest.raises(Forbidden):
        play.act(Act.CONVENE_JOINT_MEETING, by="coordinator")
    play.act(Act.CONVENE_JOINT_MEETING)


def test_one_that_is_called_is_moved_and_stays_one():
    play = called()
    [before] = play.state.matters
    change = play.act(Act.CONVENE_JOINT_MEETING, JointMeeting((LEAD, THIRD), "定分工", NEXT_WEEK))
    [after] = play.state.matters
    assert (after.seq, after.opened_at) == (before.seq, before.opened_at)
    assert after.details == {
        "organisation_ids": [LEAD, THIRD],
        "agenda": "定分工",
        "held_on": NEXT_WEEK.isoformat(),
    }
    assert after.remind_at == local("2026-06-05 16:00"), "NEXT_WEEK is a Monday"
    assert (change.outcome, change.event.facts["excused_organisation_ids"]) == ("moved", [CO])
    faulty = JointMeeting((LEAD, CO), "议题", YESTERDAY)
    assert faults(play, Act.CONVENE_JOINT_MEETING, faulty) == [("/held_on", "range")]


def test_nothing_is_concluded_without_a_meeting():
    play = called()
    play.act(Act.CONCLUDE_JOINT_MEETING)
    with pytest.raises(IllegalTransition):
        play.act(Act.CONCLUDE_JOINT_MEETING)
    play.act(Act.CONVENE_JOINT_MEETING)


def test_a_consultation_is_left_to_the_joint_meeting():
    play = play_to(S.HANDLING)
    play.act(Act.CONVENE)
    play.act(Act.ESCALATE)
    play.act(Act.CONVENE_JOINT_MEETING)
    outcomes = {one.kind: one.outcome for one in play.state.matters}
    assert outcomes == {
        MatterKind.CONSULTATION: MatterOutcome.LAPSED,
        MatterKind.JOINT_MEETING: None,
    }
    with pytest.raises(IllegalTransition):
        play.act(Act.CONVENE)


def test_the_day_of_the_meeting_is_not_over():
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE)
    late = JointMeeting((LEAD, CO), "议题", YESTERDAY)
    assert faults(play, Act.CONVENE_JOINT_MEETING, late) == [("/held_on", "range")]
    play.try_to(Act.CONVENE_JOINT_MEETING, JointMeeting((LEAD, CO), "议题", TODAY))


def test_who_is_complained_of_neither_sits_there_nor_gets_it():
    play = play_to(S.ACCEPTED)
    play.act(Act.ESCALATE)
    play.state = replace(play.state, complained_organisation_ids=(CO,))
    assert faults(play, Act.CONVENE_JOINT_MEETING, JointMeeting((LEAD, CO), "议题", TODAY)) == [
        ("/organisation_ids/1", "complained-of")
    ]
    play.act(Act.CONVENE_JOINT_MEETING, JointMeeting((LEAD, THIRD), "议题", TODAY))
    assert faults(play, Act.CONCLUDE_JOINT_MEETING, concluding(LEAD, CO)) == [
        ("/co_organisation_ids/0", "complained-of")
    ]


def test_its_conclusion_dispatches_and_tells_each_unit_its_task():
    play = called(S.ACCEPTED)
    change = play.act(Act.CONCLUDE_JOINT_MEETING)
    assert (play.state.status, play.state.lead_organisation_id) == (S.HANDLING, LEAD)
    lead, co = (play.state.assignment_of(unit) for unit in (LEAD, CO))
    assert lead is not None
    assert co is not None
    assert (lead.instruction, co.instruction) == ("完成管线迁改（2026-06-02 前）", None)
    assert (lead.return_until, co.return_until) == (None, None)
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).is_running
    assert change.event.facts["actions"] == [
        {"organisation_id": LEAD, "task": "完成管线迁改", "due_on": "2026-06-02"}
    ]
    [matter, given] = play.state.matters
    assert matter.outcome is MatterOutcome.DONE
    assert (given.kind, given.organisation_id, given.is_open) == (
        *(MatterKind.MEETING_TASK, LEAD, True),
    )
    assert matter.details["actions"] == change.event.facts["actions"]
    assert (matter.details["minutes"], matter.details["is_binding"]) == (
        *("会议议定由主办单位牵头办理。", True),
    )


def test_an_action_belongs_to_who_handles_the_ticket_and_still_to_come():
    play = called()
    assert faults(play, Act.CONCLUDE_JOINT_MEETING, concluding(LEAD, CO, owner=THIRD)) == [
        ("/actions/0/organisation_id", "not-in-team")
    ]
    over = MeetingConclusion("会议议定。", LEAD, (MeetingAction(LEAD, "迁改", YESTERDAY),))
    assert faults(play, Act.CONCLUDE_JOINT_MEETING, over) == [("/actions/0/due_on", "range")]
    play.try_to(Act.CONCLUDE_JOINT_MEETING, concluding(LEAD, CO, owner=CO))


def test_a_lead_that_is_not_named_any_more_goes_with_its_draft():
    play = called()
    play.act(Act.GIVE_OPINION)
    play.act(Act.REPLY)
    play.act(Act.CONCLUDE_JOINT_MEETING, concluding(THIRD))
    assert [state_of(play, unit) for unit in (LEAD, THIRD)] == [A.CANCELLED, A.DISPATCHED]
    assert play.state.reply is not None
    assert play.state.reply.rejection == "联席会议改由其他单位主办。"
    assert play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_it_decides_what_two_returns_left_open():
    play = asked()
    play.act(Act.RULE_RETURN)
    co_asks(play)
    play.act(Act.RULE_RETURN, CO_UPHELD)
    assert needs_consultation(play.state)
    play.act(Act.ESCALATE)
    play.act(Act.CONVENE_JOINT_MEETING)
    play.act(Act.CONCLUDE_JOINT_MEETING, concluding(LEAD))  # which had returned it
    assert not needs_consultation(play.state)
    assert state_of(play, LEAD) is A.DISPATCHED
    part = play.state.assignment_of(LEAD)
    assert part is not None
    assert part.return_until is None


def test_an_answer_ends_the_waiting_for_a_meeting():
    play = called(S.ACCEPTED)
    play.act(Act.ANSWER_DIRECTLY)
    [matter] = play.state.matters
    assert matter.outcome is MatterOutcome.LAPSED


def test_a_dispatch_meanwhile_leaves_the_meeting_open():
    play = called(S.ACCEPTED)
    play.act(Act.DISPATCH, Dispatch(THIRD))
    play.act(Act.CONCLUDE_JOINT_MEETING)
    assert state_of(play, THIRD) is A.CANCELLED
