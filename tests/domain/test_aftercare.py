"""第四至六步 反馈、回访、评价, 归档."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.aftercare import CalledTooSoon, NotYet
from app.domain.errors import Forbidden, InvalidInput
from app.domain.facts.aftercare import Rating, RevisitCall
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_records import Evaluation, Revisit, RevisitAttempt
from app.domain.vocabulary import RevisitOutcome, Status
from tests.domain.stage import OFFICE, PLAYERS, Play, play_to
from tests.domain.story import SOLVED, UNREACHED, UNSOLVED

S = Status
BAD = Rating(1, ("推诿",), "没有人来")
FIFTEEN_DAYS = timedelta(days=15)
HALF_A_DAY = timedelta(hours=4)


def revisited(given: RevisitCall) -> Play:
    play = play_to(S.REVISITING)
    play.act(Act.RECORD_REVISIT, given)
    return play


def test_receipt_plans_the_revisit():
    play = play_to(S.FEEDBACK)
    change = play.act(Act.RECEIVE_FEEDBACK, by="operator")
    assert play.state.revisit == Revisit(round=1, planned_at=play.at)
    assert change.values["delivered_at"] == play.at
    assert play.clock(ClockKind.REVISIT).is_running


def test_a_call_that_reached_keeps_the_answers():
    answers = replace(SOLVED, is_reply_true=True, is_clear=False, satisfaction=4, note="尚可")
    revisit = revisited(answers).state.revisit
    assert revisit is not None
    assert (revisit.outcome, revisit.attempts) == (RevisitOutcome.SOLVED, 1)
    assert (revisit.was_contacted, revisit.is_reply_true, revisit.is_clear) == (True, True, False)
    assert (revisit.satisfaction, revisit.note) == (4, "尚可")
    assert revisit.revisited_by == PLAYERS["revisitor"].account_id


def test_three_calls_without_answer_end_as_unreached():
    play = play_to(S.REVISITING)
    calls = [
        play.act(Act.RECORD_REVISIT, UNREACHED, at=play.at + number * HALF_A_DAY)
        for number in range(3)
    ]
    assert [call.outcome for call in calls] == ["attempted", "attempted", "unreached"]
    assert play.state.status is S.EVALUATING
    attempts = [row for call in calls for row in call.records if isinstance(row, RevisitAttempt)]
    assert [attempt.attempt for attempt in attempts] == [1, 2, 3]
    assert play.state.revisit is not None
    assert play.state.revisit.outcome is RevisitOutcome.UNREACHED


def test_a_later_call_may_still_reach():
    play = play_to(S.REVISITING)
    play.act(Act.RECORD_REVISIT, UNREACHED)
    assert play.act(Act.RECORD_REVISIT, SOLVED).outcome == "solved"
    assert play.state.revisit is not None
    assert play.state.revisit.attempts == 2


def test_who_was_not_reached_is_called_again_on_another_half_day():
    play = play_to(S.REVISITING)
    play.act(Act.RECORD_REVISIT, UNREACHED)
    called = play.at
    with pytest.raises(CalledTooSoon) as refusal:
        play.try_to(Act.RECORD_REVISIT, UNREACHED)
    assert "2026-06-01 13:30 起" in str(refusal.value)
    play.at = called.replace(hour=11, minute=59)
    with pytest.raises(CalledTooSoon):
        play.try_to(Act.RECORD_REVISIT, UNREACHED)
    play.act(Act.RECORD_REVISIT, UNREACHED, at=called.replace(hour=12, minute=0))
    assert play.state.revisit is not None
    assert (play.state.revisit.attempts, play.state.revisit.last_attempt_at) == (2, play.at)


def test_who_calls_back_in_the_same_half_day_is_heard():
    play = play_to(S.REVISITING)
    play.act(Act.RECORD_REVISIT, UNREACHED)
    assert play.try_to(Act.RECORD_REVISIT, SOLVED).outcome == "solved"


@pytest.mark.parametrize(
    "call",
    [
        replace(SOLVED, outcome=None),
        replace(SOLVED, outcome=RevisitOutcome.UNREACHED),
        replace(UNREACHED, outcome=RevisitOutcome.SOLVED),
        replace(UNREACHED, satisfaction=5),
        replace(UNREACHED, was_contacted=False),
    ],
)
def test_answers_go_with_a_call_that_reached(call):
    with pytest.raises(InvalidInput) as error:
        play_to(S.REVISITING).try_to(Act.RECORD_REVISIT, call)
    assert error.value.errors[0].pointer == "/outcome"


@pytest.mark.parametrize("part", ["revisitor", "operator", "supervisor"])
def test_who_may_revisit(part):
    assert play_to(S.REVISITING).try_to(Act.RECORD_REVISIT, by=part).outcome == "solved"


def test_nobody_of_a_handling_unit_revisits():
    play = play_to(S.REVISITING)
    units = (*play.state.handler_organisation_ids, OFFICE)
    play.state = replace(play.state, handler_organisation_ids=units)
    with pytest.raises(Forbidden):
        play.try_to(Act.RECORD_REVISIT, by="operator")


def test_nobody_who_handled_revisits():
    play = play_to(S.REVISITING)
    accounts = (*play.state.handler_account_ids, PLAYERS["revisitor"].account_id or 0)
    play.state = replace(play.state, handler_account_ids=accounts)
    with pytest.raises(Forbidden):
        play.try_to(Act.RECORD_REVISIT)


def test_unsolved_opens_the_next_round_and_forgets_the_answer():
    play = play_to(S.REVISITING)
    change = play.act(Act.RECORD_REVISIT, UNSOLVED)
    assert (play.state.round, play.state.status) == (2, S.COORDINATING)
    cleared = ("completed_at", "delivered_at", "result_code", "lead_organisation_id", "level")
    assert [change.values[name] for name in cleared] == [None] * 5
    assert (play.state.reply, play.state.revisit) == (None, None)
    assert change.event.round == 1


def test_the_second_round_goes_all_the_way():
    play = play_to(S.COORDINATING)
    steps = (Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY)
    for action in (*steps, Act.RECEIVE_FEEDBACK, Act.RECORD_REVISIT, Act.EVALUATE, Act.ARCHIVE):
        play.act(action)
    assert (play.state.status, play.state.round) == (S.ARCHIVED, 2)
    assert {one.round for one in play.state.assignments} == {1, 2}


@pytest.mark.parametrize(("level", "outcome"), [(5, "good"), (3, "good"), (2, "bad"), (1, "bad")])
def test_a_rating_is_kept_with_who_gave_it(level, outcome):
    play = play_to(S.EVALUATING)
    change = play.act(Act.EVALUATE, replace(BAD, level=level), by="colleague")
    assert change.outcome == outcome
    assert play.state.level == level
    [rating] = [one for one in change.records if isinstance(one, Evaluation)]
    assert (rating.rated_by, rating.rated_at) == (PLAYERS["colleague"].account_id, play.at)


@pytest.mark.parametrize("level", [5, 4, 3])
def test_a_good_rating_is_archived_at_once(level):
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE, Rating(level))
    play.act(Act.ARCHIVE)
    assert play.state.level == level
    assert all(clock.is_stopped for clock in play.state.clocks)


def test_silence_waits_until_the_window_closes():
    play = play_to(S.EVALUATING)
    invited_at = play.at
    play.at = invited_at + FIFTEEN_DAYS - timedelta(seconds=1)
    with pytest.raises(NotYet):
        play.try_to(Act.ARCHIVE)
    change = play.act(Act.ARCHIVE, at=invited_at + FIFTEEN_DAYS)
    assert (change.outcome, play.state.level) == ("unrated", None)
