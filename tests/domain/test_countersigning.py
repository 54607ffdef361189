"""会签: the helping units stand behind the draft that goes out, that very one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.countersigning import CountersignaturesMissing, OpinionsMissing
from app.domain.errors import Forbidden, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.countersigning import Countersignature
from app.domain.facts.handling import Approval, Opinion
from app.domain.facts.returning import Conclusion
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import AssignmentState, Status
from tests.domain.stage import CO, LEAD, PLAYERS, Play, play_to
from tests.domain.story import ANSWER

S, A = Status, AssignmentState
OBJECTS = Countersignature(agrees=False, note="容量数据有误")


def drafted() -> Play:
    """The helping unit has given its opinion, and the lead its draft."""
    play = play_to(S.HANDLING)
    play.act(Act.GIVE_OPINION)
    play.act(Act.REPLY)
    return play


def state_of(play: Play, unit: int) -> AssignmentState:
    part = play.state.assignment_of(unit)
    assert part is not None
    return part.state


def test_nothing_goes_out_that_the_helping_unit_has_not_signed():
    play = drafted()
    with pytest.raises(CountersignaturesMissing):
        play.try_to(Act.RULE_REPLY)
    play.act(Act.COUNTERSIGN)
    signed = play.state.assignment_of(CO)
    assert signed is not None
    assert (signed.countersigned_at, signed.countersigned_by) == (
        play.at,
        PLAYERS["co_handler"].account_id,
    )
    assert play.try_to(Act.RULE_REPLY).outcome == "released"


def test_an_objection_sends_the_draft_back_to_the_lead():
    play = drafted()
    change = play.act(Act.COUNTERSIGN, OBJECTS)
    assert (change.outcome, change.event.is_public) == ("objected", False)
    assert state_of(play, LEAD) is A.SIGNED
    assert play.state.reply is not None
    assert play.state.reply.rejection == OBJECTS.note
    assert not play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_an_objection_says_what_is_wrong():
    with pytest.raises(InvalidInput) as error:
        drafted().try_to(Act.COUNTERSIGN, replace(OBJECTS, note=None))
    assert error.value.errors[0].pointer == "/note"


def test_a_new_draft_is_signed_anew():
    play = drafted()
    play.act(Act.COUNTERSIGN)
    play.act(Act.RULE_REPLY, Approval(approved=False, note="请补充依据"))
    play.act(Act.REPLY, replace(ANSWER, answer="已补充依据。"))
    with pytest.raises(CountersignaturesMissing):
        play.try_to(Act.RULE_REPLY)
    play.act(Act.COUNTERSIGN)
    assert play.try_to(Act.RULE_REPLY).outcome == "released"


def test_an_opinion_is_a_signature_only_where_it_says_so():
    play = play_to(S.HANDLING)
    play.act(Act.REPLY)
    silent = play.try_to(Act.GIVE_OPINION)
    assert all(getattr(one, "countersigned_at", None) is None for one in silent.records)
    play.act(Act.GIVE_OPINION, Opinion("同意答复稿", countersigns=True))
    assert play.try_to(Act.RULE_REPLY).outcome == "released"


def test_there_is_nothing_to_sign_before_the_draft():
    with pytest.raises(InvalidInput) as error:
        play_to(S.HANDLING).try_to(Act.GIVE_OPINION, Opinion("同意", countersigns=True))
    assert error.value.errors[0].pointer == "/countersigns"


def test_the_lead_does_not_sign_the_own_draft():
    with pytest.raises(Forbidden):
        drafted().try_to(Act.COUNTERSIGN, by="handler")


def test_a_draft_of_who_leads_no_more_is_signed_by_nobody():
    play = drafted()
    play.act(Act.CONVENE)
    play.act(Act.CONCLUDE_CONSULTATION, Conclusion("会商确定主办单位。", 31, (CO,)))
    assert play.state.reply is not None
    assert not play.state.reply.is_standing


def left_silent(*, is_consent: bool) -> Play:
    """The lead has drafted; the helping unit has said nothing, and its time is over."""
    play = play_to(S.ACCEPTED)
    play.act(Act.DISPATCH, Dispatch(LEAD, (CO,), silence_is_consent=is_consent))
    play.act(Act.REPLY)
    due = play.clock(ClockKind.OPINION, CO).due_at
    assert due is not None
    play.at = due
    return play


def test_silence_is_consent_where_the_dispatch_said_so_and_the_time_is_over():
    play = left_silent(is_consent=True)
    with pytest.raises(OpinionsMissing):
        play.try_to(Act.RULE_REPLY)
    change = play.act(Act.RULE_REPLY, at=play.at + timedelta(seconds=1))
    assert change.event.facts["silent_consent"] == [CO]
    assert (play.state.status, state_of(play, CO)) == (S.FEEDBACK, A.DONE)
    silent = play.state.assignment_of(CO)
    assert silent is not None
    assert (silent.opinion, silent.signed_at, silent.done_at) == (None, None, play.at)


def test_elsewhere_silence_is_waited_for():
    play = left_silent(is_consent=False)
    play.at += timedelta(days=9)
    with pytest.raises(OpinionsMissing):
        play.try_to(Act.RULE_REPLY)


def test_only_the_helping_units_are_taken_to_agree():
    play = left_silent(is_consent=True)
    lead = play.state.assignment_of(LEAD)
    assert lead is not None
    assert not lead.silence_is_consent


def test_who_may_be_silent_need_not_sign():
    play = left_silent(is_consent=True)
    play.act(Act.GIVE_OPINION)
    change = play.act(Act.RULE_REPLY)
    assert change.outcome == "released"
    assert "silent_consent" not in change.event.facts
