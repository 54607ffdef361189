"""会议任务: whose they are, ticked off one by one, reminded of once, in the way of the end."""

from datetime import date

import pytest

from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.closing import MattersOpen
from app.domain.errors import IllegalTransition, InvalidInput
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.facts.meeting_tasks import TaskDone
from app.domain.facts.reminding import DayReminding
from app.domain.matters import matter_of
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import MatterKind, MatterOutcome, Status
from tests.domain.calendars import local
from tests.domain.stage import CO, LEAD, Play, play_to
from tests.domain.test_joint_meeting import called

S, KIND = Status, MatterKind.MEETING_TASK
FIRST, LATER = date(2026, 6, 5), date(2026, 6, 9)
MINUTES = MeetingConclusion(
    "会议议定由主办单位牵头。",
    LEAD,
    (
        MeetingAction(LEAD, "完成管线迁改", FIRST),
        MeetingAction(CO, "出具规划意见", LATER),
        MeetingAction(LEAD, "恢复路面", LATER),
    ),
    (CO,),
)
SATURDAY, MONDAY_AFTER = local("2026-06-06 10:00"), local("2026-06-08 08:30")


def concluded() -> Play:
    play = called()
    play.act(Act.CONCLUDE_JOINT_MEETING, MINUTES)
    return play


def done(play: Play, number: int, by: str = "handler"):
    return play.act(Act.COMPLETE_MEETING_TASK, TaskDone(number, "已办妥"), by=by)


def tasks(play: Play, unit: int) -> dict[int, tuple[str | None, bool]]:
    [matter] = [
        one for one in play.state.matters if one.kind is KIND and one.organisation_id == unit
    ]
    return {one["number"]: (one["done_on"], one["is_late"]) for one in matter.details["tasks"]}


def seq_of(play: Play, unit: int) -> int:
    matter = matter_of(play.state, KIND, unit)
    assert matter is not None
    return matter.seq


def test_each_unit_has_its_own_and_all_have_their_numbers():
    play = concluded()
    assert tasks(play, LEAD) == {1: (None, False), 3: (None, False)}
    assert tasks(play, CO) == {2: (None, False)}


def test_another_meeting_adds_to_them():
    play = concluded()
    play.act(Act.CONVENE_JOINT_MEETING)
    play.act(Act.CONCLUDE_JOINT_MEETING)
    assert tasks(play, LEAD).keys() == {1, 3, 4}
    assert [one.seq for one in play.state.matters] == [1, 2, 3, 4]


def test_a_unit_ticks_off_its_own_alone():
    play = concluded()
    for number, by in ((2, "handler"), (1, "co_handler"), (9, "handler"), (9, "coordinator")):
        with pytest.raises(InvalidInput) as error:
            play.try_to(Act.COMPLETE_MEETING_TASK, TaskDone(number, "已办妥"), by=by)
        assert [one.pointer for one in error.value.errors] == ["/task_number"]
    change = done(play, 1)
    assert tasks(play, LEAD) == {1: ("2026-06-01", False), 3: (None, False)}
    assert (change.outcome, change.event.is_public) == ("task_done", False)
    with pytest.raises(InvalidInput):
        done(play, 1)


@pytest.mark.parametrize("by", ["coordinator", "supervisor"])
def test_the_centre_ticks_off_for_everybody(by):
    play = concluded()
    done(play, 2, by)
    assert tasks(play, CO) == {2: ("2026-06-01", False)}


def test_the_last_of_a_unit_settles_the_matter_and_the_last_of_all_is_told():
    play = concluded()
    done(play, 1)
    assert done(play, 3).outcome == "task_done"
    assert matter_of(play.state, KIND, LEAD) is None
    with pytest.raises(IllegalTransition):
        done(play, 3)
    assert done(play, 2, "co_handler").outcome == "all_done"
    given = [one for one in play.state.matters if one.kind is KIND]
    assert [one.outcome for one in given] == [MatterOutcome.DONE, MatterOutcome.DONE]


def test_nothing_ends_with_a_task_open():
    play = concluded()
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        play.act(action)
    for action in (Act.RECEIVE_FEEDBACK, Act.RECORD_REVISIT, Act.EVALUATE):
        play.act(action)
    for action in (Act.ARCHIVE, Act.CLOSE):
        with pytest.raises(MattersOpen):
            play.try_to(action)
    for number, by in ((1, "handler"), (3, "handler"), (2, "co_handler")):
        done(play, number, by)
    play.act(Act.ARCHIVE)


def test_a_withdrawal_lets_them_lapse():
    play = concluded()
    play.act(Act.WITHDRAW)
    assert {one.outcome for one in play.state.matters if one.kind is KIND} == {MatterOutcome.LAPSED}


def test_one_that_is_open_after_its_day_is_reminded_of_once():
    play = concluded()
    remind = DayReminding(seq_of(play, LEAD))
    play.at = SATURDAY
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY, remind)
    change = play.act(Act.REMIND_OF_DAY, remind, at=MONDAY_AFTER)
    assert (change.outcome, change.event.facts["task_numbers"]) == ("task_late", [1])
    assert tasks(play, LEAD) == {1: (None, True), 3: (None, False)}
    with pytest.raises(NotYet):
        play.act(Act.REMIND_OF_DAY, remind)
    change = play.act(Act.REMIND_OF_DAY, remind, at=local("2026-06-10 08:30"))
    assert change.event.facts["task_numbers"] == [3]


def test_it_is_late_until_it_is_done():
    play = concluded()
    play.act(Act.REMIND_OF_DAY, DayReminding(seq_of(play, LEAD)), at=MONDAY_AFTER)
    matter = matter_of(play.state, KIND, LEAD)
    assert matter is not None
    assert matter.details["is_late"]
    done(play, 1)
    matter = matter_of(play.state, KIND, LEAD)
    assert matter is not None
    assert not matter.details["is_late"]


def test_what_was_done_in_time_is_not_reminded_of():
    play = concluded()
    seq = seq_of(play, LEAD)
    done(play, 1)
    play.at = MONDAY_AFTER
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY, DayReminding(seq))


def meeting(held_on: date) -> Play:
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE)
    play.act(Act.CONVENE_JOINT_MEETING, JointMeeting((LEAD, CO), "明确管线归属", held_on))
    return play


def test_who_meets_is_reminded_the_working_day_before_once():
    play = meeting(date(2026, 6, 8))
    play.at = local("2026-06-05 15:59")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY)
    change = play.act(Act.REMIND_OF_DAY, at=local("2026-06-05 16:00"))
    assert (change.outcome, change.event.is_public) == ("meeting_tomorrow", False)
    assert change.event.facts["organisation_ids"] == [LEAD, CO]
    with pytest.raises(NotYet):
        play.act(Act.REMIND_OF_DAY)


def test_nobody_is_reminded_of_a_meeting_that_is_settled():
    play = meeting(date(2026, 6, 8))
    play.act(Act.CONCLUDE_JOINT_MEETING)
    play.at = local("2026-06-05 16:00")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY)


def test_nor_of_one_whose_day_has_come():
    play = meeting(date(2026, 6, 8))
    change = play.act(Act.REMIND_OF_DAY, at=local("2026-06-08 08:00"))
    assert change.outcome == "meeting_over"
    with pytest.raises(NotYet):
        play.act(Act.REMIND_OF_DAY)


def test_nor_of_one_that_was_called_after_the_hour():
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE)
    play.act(
        Act.CONVENE_JOINT_MEETING,
        JointMeeting((LEAD, CO), "明确管线归属", date(2026, 6, 2)),
        at=local("2026-06-01 16:30"),
    )
    [matter] = play.state.matters
    assert matter.remind_at is None
