"""撤回核查: a withdrawal soon after a handler spoke with the enterprise is looked into."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.disclosure import inner_facts
from app.domain.errors import Forbidden, IllegalTransition
from app.domain.facts.acceptance import FirstContact
from app.domain.facts.handling import Answer
from app.domain.facts.progress import Progress
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import ResultCode, Status
from tests.domain.calendars import CALENDAR
from tests.domain.stage import LEAD, PLAYERS, Play, play_to

DAY = timedelta(hours=24)


def called(status: Status, action: Act) -> Play:
    """Somebody who handles the ticket has just spoken with the enterprise."""
    play = play_to(status)
    day = CALENDAR.opening_after(play.at + DAY).date()
    facts = {
        Act.FIRST_CONTACT: FirstContact("已电话联系"),
        Act.REPORT_PROGRESS: Progress("已电话说明进展", day, play.at),
        Act.REPLY: Answer(
            ResultCode.SOLVED, "已办妥增容。", is_contacted=True, contacted_at=play.at
        ),
    }
    play.act(action, facts[action])
    return play


CALLS = [
    (Status.SUBMITTED, Act.FIRST_CONTACT),
    (Status.HANDLING, Act.REPORT_PROGRESS),
    (Status.HANDLING, Act.REPLY),
]


@pytest.mark.parametrize(("status", "action"), CALLS)
def test_it_is_flagged_within_a_day_of_the_call(status, action):
    play = called(status, action)
    assert play.state.last_contact_at
    change = play.act(Act.WITHDRAW, at=play.state.last_contact_at + DAY)
    assert play.state.needs_pressure_check
    assert change.outcome is None  # the units read the event
    assert "check" not in str(inner_facts(change.event.facts))


def test_later_or_without_a_call_it_is_not():
    play = called(*CALLS[0])
    assert play.state.last_contact_at
    play.act(Act.WITHDRAW, at=play.state.last_contact_at + DAY + timedelta(seconds=1))
    assert not play.state.needs_pressure_check
    assert not play_to(Status.WITHDRAWN).state.needs_pressure_check


def test_an_earlier_contact_that_is_told_later_hides_no_call():
    play = called(Status.HANDLING, Act.REPORT_PROGRESS)
    latest = play.state.last_contact_at
    play.act(Act.FIRST_CONTACT, FirstContact("补记", play.state.submitted_at))
    assert play.state.last_contact_at == latest


def test_who_did_not_handle_it_checks_once():
    play = called(*CALLS[1])
    play.act(Act.WITHDRAW)
    own = replace(PLAYERS["revisitor"], organisation_id=LEAD)
    assert "record_pressure_check" not in allowed_actions(play.state, own)
    change = play.act(Act.RECORD_PRESSURE_CHECK)
    assert (play.state.status, change.event.is_public) == (Status.WITHDRAWN, False)
    with pytest.raises(IllegalTransition):
        play.act(Act.RECORD_PRESSURE_CHECK)


def test_who_was_never_flagged_is_not_checked_and_units_never_check():
    with pytest.raises(IllegalTransition):
        play_to(Status.WITHDRAWN).act(Act.RECORD_PRESSURE_CHECK)
    play = called(*CALLS[1])
    play.act(Act.WITHDRAW)
    for part in ("handler", "unit_approver", "coordinator", "housekeeper"):
        with pytest.raises(Forbidden):
            play.act(Act.RECORD_PRESSURE_CHECK, by=part)
