"""提醒与亮牌: each rung of a clock once, the latest alone, and nothing about what is over."""

from datetime import timedelta

import pytest

from app.domain.audience import AUDIENCES
from app.domain.decisions.aftercare import NotYet
from app.domain.facts.aftercare import Rating
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import REMINDING, ClockKind, Rung
from app.domain.vocabulary import Status
from tests.domain.calendars import local
from tests.domain.stage import CO, LEAD, play_to, submitted

S = Status
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
OWN_UNIT = {ClockKind.ASSIGNMENT: LEAD, ClockKind.OPINION: CO}


def reminder(kind: ClockKind) -> Reminding:
    return Reminding(kind, OWN_UNIT.get(kind))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (S.SUBMITTED, ClockKind.ACCEPT),
        (S.SUPPLEMENTING, ClockKind.SUPPLEMENT),
        (S.ACCEPTED, ClockKind.FINISH),
        (S.HANDLING, ClockKind.ASSIGNMENT),
        (S.HANDLING, ClockKind.OPINION),
        (S.REVISITING, ClockKind.REVISIT),
        (S.EVALUATING, ClockKind.EVALUATION),
    ],
)
def test_a_clock_reminds_when_it_is_time_and_once(status, kind):
    play = play_to(status)
    clock, given = play.clock(kind, OWN_UNIT.get(kind)), reminder(kind)
    assert clock.remind_at is not None
    play.at = clock.remind_at - SECOND
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, given)
    change = play.act(Act.REMIND, given, at=clock.remind_at)
    assert (change.outcome, change.event.is_public, play.state.status) == (kind, False, status)
    assert play.clock(kind, OWN_UNIT.get(kind)).reminded_at == clock.remind_at
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, given)


def test_a_reminder_says_which_clock_which_rung_and_until_when():
    play = play_to(S.HANDLING)
    clock = play.clock(ClockKind.OPINION, CO)
    assert clock.due_at is not None
    told = play.act(Act.REMIND, reminder(ClockKind.OPINION), at=clock.remind_at).event.facts
    assert (told["clock"], told["rung"], told["organisation_id"]) == ("opinion", "reminder", CO)
    assert told["due_at"] == clock.due_at.isoformat()


@pytest.mark.parametrize("kind", REMINDING)
def test_somebody_hears_of_every_reminder(kind):
    assert AUDIENCES[Act.REMIND, kind.value]


def test_a_reminder_is_no_new_version():
    play = submitted()
    version = play.state.version
    play.act(Act.REMIND, reminder(ClockKind.ACCEPT), at=local("2026-06-02 14:30"))
    assert play.state.version == version


@pytest.mark.parametrize(
    ("at", "due"), [("2026-06-02 16:09", Rung.YELLOW), ("2026-06-02 17:30:01", Rung.RED)]
)
def test_a_clock_that_has_come_further_reminds_no_more(at, due):
    play = submitted()
    play.at = local(at)
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, reminder(ClockKind.ACCEPT))
    play.act(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, due), at=play.at)
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, reminder(ClockKind.ACCEPT))


def test_a_clock_that_waits_does_not_remind():
    play = play_to(S.SUPPLEMENTING)
    play.at = local("2026-06-02 15:00")
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, reminder(ClockKind.ACCEPT))


def test_a_reminder_is_no_card():
    play = submitted()
    play.at = local("2026-06-02 14:30")
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.REMINDER))


@pytest.mark.parametrize("level", [5, 1])
def test_who_has_rated_is_not_reminded_to_rate(level):
    play = play_to(S.EVALUATING)
    play.act(Act.EVALUATE, Rating(level))
    play.at += 6 * DAY
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, reminder(ClockKind.EVALUATION))


def test_nobody_is_reminded_to_rate_when_the_window_is_over():
    play = play_to(S.EVALUATING)
    closes = play.clock(ClockKind.EVALUATION).due_at
    assert closes is not None
    play.at = closes - SECOND
    assert play.try_to(Act.REMIND, reminder(ClockKind.EVALUATION)).outcome == "evaluation"
    play.at = closes
    with pytest.raises(NotYet):
        play.try_to(Act.REMIND, reminder(ClockKind.EVALUATION))


def test_the_next_round_reminds_of_its_own_rating():
    play = play_to(S.EVALUATING)
    given = reminder(ClockKind.EVALUATION)
    change = play.act(Act.REMIND, given, at=play.at + 5 * DAY)
    assert change.event.round == 1
    again = play_to(S.COORDINATING)
    for action in (Act.ANSWER_DIRECTLY, Act.RECEIVE_FEEDBACK, Act.RECORD_REVISIT):
        again.act(action)
    assert again.act(Act.REMIND, given, at=again.at + 5 * DAY).event.round == 2


@pytest.mark.parametrize(
    ("at", "rung"),
    [("2026-06-02 16:09", Rung.YELLOW), ("2026-06-02 17:30:01", Rung.RED)],
)
def test_a_card_is_issued_when_it_is_due_and_once(at, rung):
    play = submitted()
    given = CardIssue(ClockKind.ACCEPT, rung)
    play.at = local(at) - timedelta(seconds=1)
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, given)
    change = play.act(Act.ISSUE_CARD, given, at=local(at))
    assert change.event.facts["rung"] == rung
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, given)


def test_a_clock_past_its_limit_gets_no_yellow_card():
    play = submitted()
    play.at = local("2026-06-10 10:00")
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.YELLOW))
    red = CardIssue(ClockKind.ACCEPT, Rung.RED)
    assert play.try_to(Act.ISSUE_CARD, red).outcome == "red"


def test_each_units_clock_gets_its_own_card():
    play = play_to(S.HANDLING)
    play.at = local("2026-06-20 10:00")
    given = CardIssue(ClockKind.ASSIGNMENT, Rung.RED, LEAD)
    change = play.act(Act.ISSUE_CARD, given, at=play.at)
    assert change.event.facts["organisation_id"] == LEAD
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, CardIssue(ClockKind.ASSIGNMENT, Rung.RED))


@pytest.mark.parametrize("kind", [ClockKind.ACCEPT, ClockKind.EVALUATION])
def test_a_clock_that_has_stopped_or_never_ran_gets_no_card(kind):
    play = play_to(S.HANDLING)
    play.at = local("2026-09-01 10:00")
    with pytest.raises(NotYet):
        play.try_to(Act.ISSUE_CARD, CardIssue(kind, Rung.RED))
