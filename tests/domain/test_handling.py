"""第二至四步 协调、办理、反馈: units, opinions, reply, approval, direct answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.countersigning import OpinionsMissing
from app.domain.errors import Forbidden, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.domain.facts.handling import Approval, Opinion
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_records import Reply
from app.domain.vocabulary import AssignmentState, ResultCode, Status, UnitRole
from tests.domain.stage import CO, LEAD, PLAYERS, TOWNSHIP, Play, play_to
from tests.domain.story import ANSWER, MONDAY

S = Status
RETURNED = Approval(approved=False, note="请补充依据")


def assignments(play: Play) -> dict[int, tuple[UnitRole, AssignmentState]]:
    return {one.organisation_id: (one.role, one.state) for one in play.state.assignments}


def reply_of(play: Play) -> Reply:
    assert play.state.reply is not None
    return play.state.reply


def drafted() -> Play:
    play = play_to(S.HANDLING)
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN):
        play.act(action)
    return play


def test_a_dispatch_names_one_lead_and_any_helpers():
    play = play_to(S.HANDLING)
    assert assignments(play) == {
        LEAD: (UnitRole.LEAD, AssignmentState.DISPATCHED),
        CO: (UnitRole.CO, AssignmentState.DISPATCHED),
    }
    assert play.state.lead_organisation_id == LEAD


@pytest.mark.parametrize("others", [(LEAD,), (CO, CO)])
def test_no_unit_is_named_twice(others):
    with pytest.raises(InvalidInput) as error:
        play_to(S.ACCEPTED).try_to(Act.DISPATCH, Dispatch(LEAD, others))
    assert error.value.errors[0].pointer == "/co_organisation_ids"


def test_signing_notes_who_and_when():
    play = play_to(S.HANDLING)
    play.act(Act.SIGN_FOR)
    signed = play.state.assignment_of(LEAD)
    assert signed is not None
    assert (signed.state, signed.signed_by, signed.signed_at) == (
        AssignmentState.SIGNED,
        PLAYERS["handler"].account_id,
        play.at,
    )


@pytest.mark.parametrize(("action", "unit"), [(Act.REPLY, LEAD), (Act.GIVE_OPINION, CO)])
def test_a_unit_that_answers_unsigned_has_signed_by_answering(action, unit):
    play = play_to(S.HANDLING)
    play.act(action)
    answered = play.state.assignment_of(unit)
    assert answered is not None
    assert answered.signed_at == play.at


def test_signing_comes_first_and_stays():
    play = play_to(S.HANDLING)
    play.act(Act.SIGN_FOR)
    signed_at = play.at
    play.act(Act.REPLY)
    replied = play.state.assignment_of(LEAD)
    assert replied is not None
    assert (replied.state, replied.signed_at) == (AssignmentState.REPLIED, signed_at)


def test_an_opinion_ends_the_helpers_part():
    play = play_to(S.HANDLING)
    play.act(Act.GIVE_OPINION, Opinion("同意"), by="co_unit_handler")
    given = play.state.assignment_of(CO)
    assert given is not None
    assert (given.state, given.opinion, given.done_at) == (AssignmentState.DONE, "同意", play.at)
    assert play.clock(ClockKind.OPINION, CO).stopped_at == play.at
    assert not play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped


def test_a_reply_waits_for_the_approver():
    play = drafted()
    assert reply_of(play).released_at is None
    assert not play.clock(ClockKind.ASSIGNMENT, LEAD).is_stopped
    assert play.state.status is S.HANDLING


def test_the_release_is_the_completion_and_stops_all():
    play = drafted()
    change = play.act(Act.RULE_REPLY)
    assert change.values["completed_at"] == play.at
    assert change.values["result_code"] is ResultCode.SOLVED
    assert assignments(play)[LEAD] == (UnitRole.LEAD, AssignmentState.DONE)
    assert all(clock.is_stopped for clock in play.state.clocks)
    assert reply_of(play).released_by == PLAYERS["unit_approver"].account_id


def test_no_release_before_every_helper_has_answered():
    play = play_to(S.HANDLING)
    play.act(Act.REPLY)
    with pytest.raises(OpinionsMissing):
        play.try_to(Act.RULE_REPLY)
    play.act(Act.GIVE_OPINION, Opinion("同意", countersigns=True))
    assert play.try_to(Act.RULE_REPLY).outcome == "released"


def test_a_reply_without_helpers_is_released_alone():
    play = play_to(S.ACCEPTED)
    play.act(Act.DISPATCH, Dispatch(LEAD))
    play.act(Act.REPLY)
    play.act(Act.RULE_REPLY)
    assert play.state.status is S.FEEDBACK


def test_a_reply_that_is_sent_back_is_drafted_again():
    play = drafted()
    play.act(Act.RULE_REPLY, RETURNED)
    assert assignments(play)[LEAD] == (UnitRole.LEAD, AssignmentState.SIGNED)
    assert reply_of(play).rejection == "请补充依据"
    play.act(Act.REPLY, replace(ANSWER, answer="已补充依据。"))
    assert reply_of(play).rejection is None
    play.act(Act.COUNTERSIGN)
    play.act(Act.RULE_REPLY)
    assert reply_of(play).answer == "已补充依据。"
    assert play.state.status is S.FEEDBACK


def test_sending_back_takes_a_reason():
    with pytest.raises(InvalidInput) as error:
        drafted().try_to(Act.RULE_REPLY, Approval(approved=False))
    assert error.value.errors[0].pointer == "/note"


def test_nobody_approves_the_own_draft():
    play = drafted()
    own = replace(reply_of(play), drafted_by=PLAYERS["unit_approver"].account_id or 0)
    play.state = replace(play.state, reply=own)
    with pytest.raises(Forbidden):
        play.try_to(Act.RULE_REPLY)


def test_the_approver_of_another_unit_is_forbidden():
    play = drafted()
    others = tuple(one for one in play.state.assignments if one.organisation_id != LEAD)
    play.state = replace(play.state, assignments=others)
    with pytest.raises(Forbidden):
        play.try_to(Act.RULE_REPLY)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"is_contacted": True}, ["/contacted_at"]),
        ({"contacted_at": MONDAY}, ["/contacted_at"]),
        (
            {"is_contacted": True, "contacted_at": MONDAY - timedelta(minutes=1)},
            ["/contacted_at"],
        ),
        ({"is_contacted": True, "contacted_at": MONDAY + timedelta(days=1)}, ["/contacted_at"]),
        ({"result_code": ResultCode.PARTLY}, ["/unsolved_reason"]),
        ({"result_code": ResultCode.EXPLAINED}, ["/unsolved_reason"]),
        (
            {"result_code": ResultCode.TRACKED_OPEN, "is_contacted": True},
            ["/contacted_at", "/unsolved_reason"],
        ),
    ],
)
@pytest.mark.parametrize("action", [Act.REPLY, Act.ANSWER_DIRECTLY])
def test_what_is_wrong_with_an_answer(action, changes, pointers):
    play = play_to(S.HANDLING if action is Act.REPLY else S.ACCEPTED)
    with pytest.raises(InvalidInput) as error:
        play.try_to(action, replace(ANSWER, **changes))
    assert [each.pointer for each in error.value.errors] == pointers


def test_an_answer_may_leave_something_open_when_it_says_why():
    play = play_to(S.ACCEPTED)
    partly = replace(ANSWER, result_code=ResultCode.PARTLY, unsolved_reason="需上级批准")
    play.act(Act.ANSWER_DIRECTLY, partly)
    assert play.state.status is S.FEEDBACK


def test_a_direct_answer_needs_no_unit_but_counts_as_handling():
    play = play_to(S.ACCEPTED)
    change = play.act(Act.ANSWER_DIRECTLY)
    assert play.state.assignments == ()
    assert play.state.handler_organisation_ids == (TOWNSHIP,)
    assert PLAYERS["housekeeper"].account_id in play.state.handler_account_ids
    assert reply_of(play).organisation_id is None
    assert change.values["completed_at"] == play.at
