"""并案: cancelled here, answered there, rated by each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.clock_moves import Verb
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.aftercare import Rating
from app.domain.facts.merging import AnswerOfParent, MergeInto
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import AssignmentState, Status
from tests.domain.calendars import CALENDAR, shipped
from tests.domain.stage import LADDERS, Play, play_to
from tests.domain.story import MINUTE, PARENT, PASSED_ON

S = Status
MERGEABLE = (S.SUBMITTED, S.SUPPLEMENTING, S.ACCEPTED, S.COORDINATING, S.HANDLING)


def merged(status: Status = S.HANDLING) -> Play:
    play = play_to(status)
    play.act(Act.MERGE)
    return play


@pytest.mark.parametrize("status", MERGEABLE)
def test_a_merged_ticket_waits_for_its_parent(status):
    play = merged(status)
    assert (play.state.status, play.state.parent_id) == (S.MERGED, PARENT.id)
    assert all(clock.is_stopped for clock in play.state.clocks)
    live = [one for one in play.state.assignments if one.round == play.state.round]
    assert {one.state for one in live} <= {AssignmentState.CANCELLED}


@pytest.mark.parametrize("status", [S.FEEDBACK, S.REVISITING, S.EVALUATING, S.ARCHIVED])
def test_what_is_answered_is_merged_no_more(status):
    with pytest.raises(IllegalTransition):
        play_to(status).try_to(Act.MERGE)


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        (None, "unknown-ticket"),
        (replace(PARENT, id=1), "own-parent"),
        (replace(PARENT, complained_organisation_ids=(11,)), "complained-of"),
        *((replace(PARENT, status=one), "parent-ended") for one in (S.MERGED, S.REFUSED)),
    ],
)
def test_into_what_it_cannot_be_merged(parent, code):
    with pytest.raises(InvalidInput) as refusal:
        play_to(S.ACCEPTED).try_to(Act.MERGE, MergeInto(parent, "同一事项"))
    assert [error.code for error in refusal.value.errors] == [code]


def test_a_complaint_is_not_merged_to_where_the_unit_would_handle_it():
    play = play_to(S.ACCEPTED)
    play.state = replace(play.state, complained_organisation_ids=(11,))
    with pytest.raises(InvalidInput):
        play.try_to(Act.MERGE)
    same = replace(PARENT, complained_organisation_ids=(11,))
    assert play.try_to(Act.MERGE, MergeInto(same, "同一事项")).event.seq


def test_a_class_of_problem_across_enterprises_is_no_housekeepers_matter():
    others = MergeInto(replace(PARENT, enterprise_id=77), "一类事")
    play = play_to(S.ACCEPTED)
    with pytest.raises(InvalidInput):
        play.try_to(Act.MERGE, others, by="housekeeper")
    assert play.try_to(Act.MERGE, by="housekeeper").event.seq
    for part in ("coordinator", "supervisor"):
        facts = play.try_to(Act.MERGE, others, by=part).event.facts
        assert "own_parent_number" not in facts, "another enterprise's number is not public"


@pytest.mark.parametrize(
    ("status", "back", "kind"),
    [
        (S.SUBMITTED, S.SUBMITTED, ClockKind.ACCEPT),
        (S.SUPPLEMENTING, S.SUBMITTED, ClockKind.ACCEPT),
        (S.HANDLING, S.ACCEPTED, ClockKind.FINISH),
        (S.COORDINATING, S.ACCEPTED, ClockKind.FINISH),
    ],
)
def test_unmerged_it_goes_on_as_if_its_clock_had_never_stopped(status, back, kind):
    play = play_to(status)
    due_at = play.clock(kind).due_at
    play.act(Act.MERGE)
    change = play.act(Act.UNMERGE)
    assert (play.state.status, play.state.parent_id) == (back, None)
    clock = play.clock(kind)
    assert clock.is_running
    assert status is S.SUPPLEMENTING or clock.due_at == due_at
    assert change.values["due_at"] == clock.due_at
    assert {move["verb"] for move in change.event.facts["clocks"]} == {Verb.REOPEN}
    events = [ClockEvent(one.round, one.at, CALENDAR, moves_in(one.facts)) for one in play.events]
    assert set(replay(events, shipped, LADDERS).values()) == set(play.state.clocks)


def test_only_coordinators_unmerge():
    for part in ("housekeeper", "supervisor", "applicant"):
        with pytest.raises(Forbidden):
            merged().try_to(Act.UNMERGE, by=part)


def test_the_parents_answer_is_the_childs_and_nothing_inner_of_it():
    play = merged()
    with pytest.raises(IllegalTransition):
        play.try_to(Act.EVALUATE)
    change = play.act(Act.FORWARD_ANSWER)
    assert change.event.is_public
    assert play.state.reply is not None
    assert (play.state.reply.handling_note, play.state.reply.round) == (None, play.state.round)
    assert "handling_note" not in change.event.facts
    with pytest.raises(IllegalTransition):
        play.try_to(Act.UNMERGE)


def test_the_same_answer_is_passed_on_once():
    play = merged()
    play.act(Act.FORWARD_ANSWER)
    for released_at in (play.at - MINUTE, play.state.passed_on_at):
        again = AnswerOfParent(replace(PASSED_ON, released_at=released_at))
        with pytest.raises(NotYet):
            play.act(Act.FORWARD_ANSWER, again)


def test_a_child_is_rated_by_itself_and_stays_merged():
    play = merged()
    play.act(Act.FORWARD_ANSWER)
    play.act(Act.EVALUATE, Rating(1))
    assert (play.state.status, play.state.level) == (S.MERGED, 1)
    assert play.state.matters == (), "what is to be rectified is rectified with the parent"
    play.act(Act.EVALUATE, Rating(3), at=play.at + timedelta(days=1))
    with pytest.raises(IllegalTransition):
        play.try_to(Act.EVALUATE)


def test_a_contact_that_an_earlier_answer_made_needless_is_not_awaited_again():
    play = play_to(S.ACCEPTED)
    for action in (Act.ANSWER_DIRECTLY, Act.OBJECT, Act.MERGE, Act.UNMERGE):
        play.act(action)
    assert {clock.round for clock in play.state.clocks if not clock.is_stopped} == {2}
