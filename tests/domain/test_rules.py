"""流转规则: every number of a ticket's way is what the rules of its terms say."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.resources import files

import pytest

from app.domain.decisions.aftercare import NotYet, RatingFinal
from app.domain.decisions.coordination import ConsultationNeeded
from app.domain.decisions.extension import ExtensionTooLate
from app.domain.errors import Forbidden, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.aftercare import Rating
from app.domain.facts.coordination import Dispatch
from app.domain.facts.extension import ExtensionRequest
from app.domain.facts.retarget import Retargeting
from app.domain.handover import due_at
from app.domain.permissions import Permission as Act
from app.domain.rules import MEANINGS, UNIT_LABELS, MissingRule, Rule, Rules, RuleUnit
from app.domain.terms import Moment, Terms
from app.domain.ticket_flow import allowed_actions, decide
from app.domain.vocabulary import Status, TicketClass
from tests.domain.calendars import CALENDAR, local
from tests.domain.stage import OFFICE, PLAYERS, TERMS, Play, play_to, ruled_by, submitted
from tests.domain.story import MONDAY, UNREACHED

S = Status
SECOND = timedelta(seconds=1)


def test_every_rule_has_a_meaning_and_every_unit_a_name():
    assert MEANINGS.keys() == set(Rule)
    assert UNIT_LABELS.keys() == set(RuleUnit)


def test_what_is_shipped_lies_within_its_bounds():
    shipped = json.loads(files("app.seed").joinpath("flow_rules.json").read_text("utf-8"))
    assert [row["name"] for row in shipped] == [rule.value for rule in Rule]
    for row in shipped:
        meaning = MEANINGS[Rule(row["name"])]
        assert 1 <= meaning.lowest <= row["amount"] <= meaning.highest


def test_a_number_that_nobody_has_set_is_refused():
    with pytest.raises(MissingRule):
        Rules()[Rule.REVISIT_ATTEMPTS]


@pytest.mark.parametrize(("notices", "may_ask"), [(1, False), (2, True)])
def test_so_many_notices_of_missing_material(notices, may_ask):
    play = submitted(terms=ruled_by(supplement_notices=notices))
    play.act(Act.REQUEST_SUPPLEMENT)
    play.act(Act.SUPPLY)
    again = allowed_actions(play.state, PLAYERS["coordinator"])
    assert ("request_supplement" in again) is may_ask


def returned_once(terms: Terms) -> Play:
    play = play_to(S.HANDLING, terms=terms)
    for act in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        play.act(act)
    return play


def test_after_so_many_returns_a_consultation_dispatches():
    others = Dispatch(OFFICE)
    with pytest.raises(ConsultationNeeded):
        returned_once(ruled_by(returns_before_consultation=1)).try_to(Act.DISPATCH, others)
    assert returned_once(TERMS).try_to(Act.DISPATCH, others).event.seq


@pytest.mark.parametrize(("first", "is_theirs"), [(2, True), (3, False)])
def test_from_a_round_on_it_goes_to_other_hands(first, is_theirs):
    play = play_to(S.COORDINATING, terms=ruled_by(other_hands_from_round=first))
    assert play.state.round == 2
    assert ("dispatch" in allowed_actions(play.state, PLAYERS["supervisor"])) is is_theirs
    if is_theirs:
        with pytest.raises(InvalidInput):
            play.try_to(Act.DISPATCH)
        with pytest.raises(Forbidden):
            play.try_to(Act.ANSWER_DIRECTLY, by="housekeeper")


@pytest.mark.parametrize(("days", "last"), [(1, "2026-06-05 17:30"), (2, "2026-06-04 17:30")])
def test_an_extension_is_asked_for_so_long_before(days, last):
    play = play_to(S.HANDLING, terms=ruled_by(extension_days_before_due=days))
    ask = ExtensionRequest(2, "设备到货晚于计划", "到货后装好")
    play.at = local(last) - SECOND
    assert play.try_to(Act.REQUEST_EXTENSION, ask).outcome
    play.at = local(last) + timedelta(hours=16)
    with pytest.raises(ExtensionTooLate) as refusal:
        play.try_to(Act.REQUEST_EXTENSION, ask)
    assert str(days) in str(refusal.value)


@pytest.mark.parametrize("hours", [24, 30])
def test_a_withdrawal_so_soon_after_a_call_is_looked_into(hours):
    for more, is_checked in ((timedelta(), True), (SECOND, False)):
        play = submitted(terms=ruled_by(pressure_check_hours=hours))
        play.act(Act.FIRST_CONTACT)
        assert play.state.last_contact_at
        play.act(Act.WITHDRAW, at=play.state.last_contact_at + timedelta(hours=hours) + more)
        assert play.state.needs_pressure_check is is_checked


def test_arrears_take_no_longer_than_the_rule_of_the_day_of_the_retarget():
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(TicketClass.ARREARS, "arrears"))
    moment = Moment(play.at + SECOND, TERMS, ruled_by(arrears_days_at_most=60))
    longest, longer = (Retargeting("情况复杂", promised_days=days) for days in (60, 61))
    retarget = partial(decide, play.state, Act.RETARGET, actor=PLAYERS["coordinator"])
    assert retarget(longest, moment=moment).values["promised_days"] == 60
    with pytest.raises(InvalidInput) as refusal:
        retarget(longer, moment=moment)
    assert "60" in refusal.value.errors[0].detail


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_so_many_attempts_end_a_revisit(attempts):
    play = play_to(S.REVISITING, terms=ruled_by(revisit_attempts=attempts))
    calls = (play.at + number * timedelta(days=1) for number in range(attempts))
    outcomes = [play.act(Act.RECORD_REVISIT, UNREACHED, at=at).outcome for at in calls]
    assert outcomes == ["attempted"] * (attempts - 1) + ["unreached"]


def test_a_rating_is_changed_within_so_many_days():
    play = play_to(S.EVALUATING, terms=ruled_by(rating_change_days=2))
    play.act(Act.EVALUATE, Rating(5))
    play.at += timedelta(days=2)
    assert play.try_to(Act.EVALUATE, Rating(4)).outcome == "good"
    play.at += SECOND
    with pytest.raises(RatingFinal):
        play.try_to(Act.EVALUATE, Rating(4))


def test_the_archive_waits_for_the_rating_of_a_rectification_as_long():
    play = play_to(S.EVALUATING, terms=ruled_by(rating_change_days=2))
    play.act(Act.EVALUATE, Rating(1))
    play.act(Act.RECORD_REVIEW_CONTACT)
    settled_at = play.act(Act.VERIFY_REVIEW).event.at
    play.at = settled_at + timedelta(days=2) - SECOND
    with pytest.raises(NotYet):
        play.try_to(Act.ARCHIVE)
    assert play.act(Act.ARCHIVE, at=settled_at + timedelta(days=2)).outcome == "rated"


def test_a_handover_is_signed_within_so_many_working_days():
    rules = ruled_by(handover_signing_days=3).rules
    assert due_at(CALENDAR, rules, at=MONDAY) == local("2026-06-04 17:30")


def test_what_is_decided_and_what_is_allowed_go_by_the_same_rules():
    """The rules that guards read are those of the ticket, not of the day."""
    play = submitted(terms=ruled_by(supplement_notices=1))
    play.act(Act.REQUEST_SUPPLEMENT)
    play.act(Act.SUPPLY)
    play.terms = TERMS
    assert "request_supplement" not in allowed_actions(play.state, PLAYERS["coordinator"])
    newer = replace(play.state, rules=TERMS.rules)
    assert "request_supplement" in allowed_actions(newer, PLAYERS["coordinator"])
