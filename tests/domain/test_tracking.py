"""挂账跟踪: a named owner, a reason, a day; no cards; ended by a normal answer or by hand."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.closing import MattersOpen
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.tracking import Tracking, TrackingReview
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import MatterOutcome, ResultCode, Status
from tests.domain.calendars import local
from tests.domain.stage import HOUSEKEEPER, LEAD, Play, play_to
from tests.domain.story import ANSWER, OWNER, tracked_by
from tests.domain.test_escalation import UP

S = Status
TRACKED = replace(ANSWER, result_code=ResultCode.TRACKED_OPEN, unsolved_reason="资金待批复")
OVERDUE = CardIssue(ClockKind.FINISH, Rung.RED)
LATE = local("2026-06-09 10:00")


def tracked(status: Status = S.HANDLING) -> Play:
    play = play_to(status)
    play.act(Act.ESCALATE)
    play.act(Act.TRACK_OPEN)
    return play


def fault(play: Play, action: Act, given, **who) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as error:
        play.try_to(action, given, **who)
    [found] = error.value.errors
    return found.pointer, found.code


def outcome(play: Play) -> MatterOutcome | None:
    [matter] = play.state.matters
    return matter.outcome


def test_only_what_is_stuck_at_the_top_is_tracked_and_by_a_supervisor():
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE, UP)
    with pytest.raises(IllegalTransition):
        play.act(Act.TRACK_OPEN)
    play.act(Act.ESCALATE)
    with pytest.raises(Forbidden):
        play.act(Act.TRACK_OPEN, by="coordinator")
    clocks = play.state.clocks
    change = play.act(Act.TRACK_OPEN)
    assert play.state.clocks == clocks  # the enterprise waits on
    assert change.event.is_public
    with pytest.raises(IllegalTransition):
        play_to(S.HANDLING).act(Act.END_TRACKING)


def test_what_is_answered_is_not_tracked_any_more():
    play = play_to(S.ACCEPTED)
    play.act(Act.ESCALATE)
    play.act(Act.ANSWER_DIRECTLY)
    with pytest.raises(IllegalTransition):
        play.act(Act.TRACK_OPEN)


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ({"owner_account_id": None}, ("/owner_account_id", "one-owner")),
        ({"owner_housekeeper_id": 9}, ("/owner_account_id", "one-owner")),
        ({"owner_organisation_id": 77}, ("/owner_organisation_id", "complained-of")),
        (
            {"owner_account_id": None, "owner_housekeeper_id": HOUSEKEEPER},
            ("/owner_housekeeper_id", "complained-of"),
        ),
        ({"next_review_on": date(2026, 5, 29)}, ("/next_review_on", "range")),
        ({"next_review_on": date(2026, 6, 7)}, ("/next_review_on", "workday")),
        ({"next_review_on": date(2026, 7, 20)}, ("/next_review_on", "range")),
    ],
)
def test_it_has_one_owner_who_is_not_complained_of_and_a_day(owner, expected):
    play = play_to(S.HANDLING)
    play.act(Act.ESCALATE)
    play.state = replace(
        play.state, complained_organisation_ids=(77,), complained_housekeeper_id=HOUSEKEEPER
    )
    given: Tracking = replace(tracked_by(LEAD, OWNER), **owner)
    assert fault(play, Act.TRACK_OPEN, given) == expected


def test_a_review_names_another_day_of_the_same_matter():
    play = tracked()
    later = replace(tracked_by(LEAD, OWNER), next_review_on=date(2026, 6, 26))
    assert play.act(Act.TRACK_OPEN, later).outcome == "reviewed"
    [matter] = play.state.matters
    assert (matter.details["next_review_on"], matter.is_open) == ("2026-06-26", True)


def test_a_normal_answer_ends_it():
    play = tracked(S.ACCEPTED)
    play.act(Act.ANSWER_DIRECTLY)
    assert outcome(play) is MatterOutcome.DONE


def test_an_answer_that_says_so_leaves_it_open_and_the_ticket_too():
    play = tracked(S.ACCEPTED)
    play.act(Act.ANSWER_DIRECTLY, TRACKED)
    for action in (Act.RECEIVE_FEEDBACK, Act.RECORD_REVISIT, Act.EVALUATE):
        play.act(action)
    with pytest.raises(MattersOpen):
        play.act(Act.ARCHIVE)
    play.act(Act.TRACK_OPEN)
    play.act(Act.END_TRACKING)
    assert outcome(play) is MatterOutcome.DONE
    play.act(Act.ARCHIVE)


def test_nothing_is_called_tracked_that_has_no_owner():
    place = ("/result_code", "not-tracked")
    assert fault(play_to(S.ACCEPTED), Act.ANSWER_DIRECTLY, TRACKED) == place
    play = tracked()
    for action in (Act.GIVE_OPINION, Act.END_TRACKING):
        play.act(action)
    assert fault(play, Act.REPLY, TRACKED) == place


def test_a_draft_that_says_so_is_not_released_once_the_tracking_is_over():
    play = tracked()
    play.act(Act.GIVE_OPINION)
    play.act(Act.REPLY, TRACKED)
    play.act(Act.COUNTERSIGN)
    play.act(Act.END_TRACKING)
    assert fault(play, Act.RULE_REPLY, None) == ("/result_code", "not-tracked")


def test_nobody_is_given_a_card_meanwhile():
    play = tracked()
    with pytest.raises(NotYet):
        play.act(Act.ISSUE_CARD, OVERDUE, at=LATE)
    play.act(Act.END_TRACKING, at=LATE)
    play.act(Act.ISSUE_CARD, OVERDUE, at=LATE)


def test_the_owner_is_reminded_on_the_morning_of_the_review_once():
    play = tracked()
    play.at = local("2026-06-11 08:29")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY)
    change = play.act(Act.REMIND_OF_DAY, at=local("2026-06-11 08:30"))
    assert (change.outcome, change.event.is_public) == ("review_due", False)
    assert change.event.facts["owner_organisation_id"] == LEAD
    with pytest.raises(NotYet):
        play.act(Act.REMIND_OF_DAY)


def test_the_owner_records_the_review_and_is_reminded_of_the_next():
    play = tracked()
    play.act(Act.REMIND_OF_DAY, at=local("2026-06-11 08:30"))
    change = play.act(Act.REVIEW_TRACKING, at=local("2026-06-11 10:00"))
    assert change.event.is_public
    [matter] = play.state.matters
    assert matter.is_open
    assert matter.details["next_review_on"] == "2026-06-12"
    assert matter.details["owner_account_id"] == OWNER
    assert play.act(Act.REMIND_OF_DAY, at=local("2026-06-12 08:30")).outcome == "review_due"


@pytest.mark.parametrize("by", ["co_handler", "co_approver", "housekeeper"])
def test_nobody_of_another_unit_records_the_review(by):
    with pytest.raises(Forbidden):
        tracked().try_to(Act.REVIEW_TRACKING, by=by)


@pytest.mark.parametrize("by", ["handler", "unit_approver", "supervisor"])
def test_the_unit_of_the_owner_and_the_supervisor_do(by):
    assert tracked().try_to(Act.REVIEW_TRACKING, by=by).event.action == Act.REVIEW_TRACKING


def test_what_is_not_tracked_is_not_reviewed():
    with pytest.raises(IllegalTransition):
        play_to(S.HANDLING).try_to(Act.REVIEW_TRACKING)


def test_the_next_review_is_within_the_time_of_a_hard_request():
    far = TrackingReview("资金已列入计划", date(2026, 8, 31))
    assert fault(tracked(), Act.REVIEW_TRACKING, far) == ("/next_review_on", "range")


def test_an_ended_tracking_is_not_reminded_of():
    play = tracked()
    play.act(Act.END_TRACKING)
    play.at = local("2026-06-11 08:30")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND_OF_DAY)
