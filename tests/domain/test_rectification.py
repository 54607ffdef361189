"""差评整改: contact, verification by others, both satisfactions, and no archive meanwhile."""

from datetime import timedelta

import pytest

from app.domain.decisions.aftercare import NotYet, RatingFinal
from app.domain.decisions.closing import MattersOpen
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.aftercare import Rating
from app.domain.facts.rectification import ReviewContact, ReviewVerdict, SetAsideRuling
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict, change_within
from app.domain.sla_clock import ClockKind
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import MatterKind, MatterOutcome, Status
from tests.domain.stage import PLAYERS, RULES, Play, play_to

FIVE_DAYS = change_within(RULES)
S = Status
BAD = Rating(1, ("推诿",), "没有人来")
SECOND = timedelta(seconds=1)
SETTLING = [Verdict.FIXED, Verdict.EXPLAINED]


def rated_badly() -> Play:
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE, BAD)
    return play


def verified(verdict: Verdict) -> Play:
    play = rated_badly()
    play.act(Act.VERIFY_REVIEW, ReviewVerdict(verdict, "已核查"))
    return play


@pytest.mark.parametrize("level", [1, 2])
def test_a_bad_rating_opens_a_rectification_with_its_two_clocks(level):
    play = play_to(S.EVALUATING)
    change = play.act(Act.EVALUATE, Rating(level))
    [matter] = play.state.matters
    assert (matter.kind, matter.details, matter.is_open) == (
        MatterKind.RECTIFICATION,
        {"level": level},
        True,
    )
    assert play.clock(ClockKind.RECTIFICATION).limit_amount == 15
    assert play.clock(ClockKind.REVIEW_CONTACT).limit_amount == 1
    assert change.values["due_at"] == play.clock(ClockKind.RECTIFICATION).due_at


def test_a_good_rating_opens_nothing():
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE)
    assert play.state.matters == ()


def test_the_contact_clock_stops_when_somebody_was_reached():
    play = rated_badly()
    play.act(Act.RECORD_REVIEW_CONTACT, ReviewContact(is_reached=False, note="无人接听"))
    assert play.clock(ClockKind.REVIEW_CONTACT).is_running
    change = play.act(Act.RECORD_REVIEW_CONTACT)
    assert play.clock(ClockKind.REVIEW_CONTACT).is_stopped
    assert not change.event.is_public


def test_nobody_was_contacted_before_the_rating_or_in_the_future():
    play = rated_badly()
    for when in (play.at - SECOND, play.at + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            play.try_to(Act.RECORD_REVIEW_CONTACT, ReviewContact(True, "已联系", when))


@pytest.mark.parametrize("part", ["coordinator", "housekeeper", "handler", "applicant"])
def test_who_handled_or_rated_does_not_verify(part):
    with pytest.raises(Forbidden):
        rated_badly().try_to(Act.VERIFY_REVIEW, by=part)


@pytest.mark.parametrize("part", ["second_coordinator", "supervisor", "revisitor"])
def test_others_verify(part):
    assert rated_badly().try_to(Act.VERIFY_REVIEW, by=part).outcome == "fixed"


def test_upheld_leads_into_the_next_round():
    play = verified(Verdict.UPHELD)
    assert (play.state.status, play.state.round) == (S.COORDINATING, 2)
    [matter] = play.state.matters
    assert (matter.outcome, matter.note) == (MatterOutcome.GRANTED, "已核查")
    assert {clock.round for clock in play.state.clocks if not clock.is_stopped} == {2}


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [(Verdict.FIXED, MatterOutcome.DONE), (Verdict.EXPLAINED, MatterOutcome.REJECTED)],
)
def test_put_right_or_explained_it_is_settled_and_may_be_rated(verdict, outcome):
    play = verified(verdict)
    [matter] = play.state.matters
    assert (matter.outcome, matter.details["verdict"]) == (outcome, verdict)
    assert matter.settled_by == PLAYERS["second_coordinator"].account_id
    assert play.clock(ClockKind.RECTIFICATION).is_stopped
    assert "evaluate" in allowed_actions(play.state, PLAYERS["applicant"])


@pytest.mark.parametrize("level", [5, 2])
def test_the_rectification_is_rated_and_the_first_level_stays(level):
    play = verified(Verdict.FIXED)
    first = play.state.evaluation
    play.act(Act.EVALUATE, Rating(level))
    assert first is not None
    assert play.state.evaluation is not None
    assert (play.state.evaluation.first_level, play.state.evaluation.level) == (1, level)
    assert play.state.evaluation.first_rated_at == first.rated_at
    assert len(play.state.matters) == 1, "a second bad rating opens no second rectification"
    with pytest.raises(IllegalTransition):
        play.try_to(Act.EVALUATE)
    assert play.act(Act.ARCHIVE).outcome == "rated"


def test_a_rating_is_changed_once_within_five_days():
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE, Rating(5))
    rated_at = play.at
    play.at = rated_at + FIVE_DAYS
    change = play.try_to(Act.EVALUATE, BAD)
    assert change.values["open_matters"] == [f"rectification//{PLAYERS['applicant'].account_id}/0"]
    play.at += SECOND
    with pytest.raises(RatingFinal):
        play.try_to(Act.EVALUATE, BAD)
    play.act(Act.EVALUATE, Rating(4), at=rated_at + FIVE_DAYS)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.EVALUATE)


def test_a_changed_mind_does_not_end_what_has_to_be_verified():
    play = rated_badly()
    play.act(Act.EVALUATE, Rating(5))
    with pytest.raises(MattersOpen):
        play.try_to(Act.ARCHIVE)


def test_nothing_is_archived_or_closed_over_an_open_rectification():
    play = rated_badly()
    play.at += timedelta(days=60)
    for action in (Act.ARCHIVE, Act.CLOSE):
        with pytest.raises(MattersOpen):
            play.try_to(action)


@pytest.mark.parametrize("verdict", SETTLING)
def test_after_it_the_archive_waits_for_the_second_rating_for_five_days(verdict):
    play = verified(verdict)
    settled_at = play.at
    play.at = settled_at + FIVE_DAYS - SECOND
    with pytest.raises(NotYet):
        play.try_to(Act.ARCHIVE)
    assert play.act(Act.ARCHIVE, at=settled_at + FIVE_DAYS).outcome == "rated"


def test_a_rating_is_set_aside_by_two_and_stays():
    play = verified(Verdict.SET_ASIDE)
    assert [matter.kind for matter in play.state.matters if matter.is_open] == [
        MatterKind.RECTIFICATION,
        MatterKind.SET_ASIDE,
    ]
    assert not play.events[-1].is_public
    change = play.act(Act.RULE_SET_ASIDE)
    assert change.event.is_public
    assert play.state.level == 1
    assert play.state.evaluation is not None
    assert play.state.evaluation.set_aside_at == play.at
    assert play.state.open_matters == ()
    with pytest.raises(IllegalTransition):
        play.try_to(Act.EVALUATE)
    assert play.act(Act.ARCHIVE).event.seq


def test_who_proposed_to_set_aside_does_not_rule():
    play = rated_badly()
    play.act(Act.VERIFY_REVIEW, ReviewVerdict(Verdict.SET_ASIDE, "评价对象有误"), by="supervisor")
    with pytest.raises(Forbidden):
        play.try_to(Act.RULE_SET_ASIDE)


def test_what_is_not_set_aside_is_verified_on():
    play = verified(Verdict.SET_ASIDE)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.VERIFY_REVIEW)
    change = play.act(Act.RULE_SET_ASIDE, SetAsideRuling(approved=False, note="理由不足"))
    assert not change.event.is_public
    assert play.try_to(Act.VERIFY_REVIEW).event.seq


def test_a_supervisor_closes_without_waiting_and_says_why():
    play = play_to(S.EVALUATING)
    change = play.act(Act.CLOSE)
    assert (play.state.status, change.outcome) == (S.ARCHIVED, "unrated")
    assert change.event.facts["reason"]
    assert all(clock.is_stopped for clock in play.state.clocks)


@pytest.mark.parametrize("status", [S.HANDLING, S.FEEDBACK, S.REVISITING])
def test_nothing_is_closed_before_delivery_and_revisit(status):
    with pytest.raises(IllegalTransition):
        play_to(status).try_to(Act.CLOSE)
