"""Three half-days in vain end a phone task; what is urgent is tried again at once."""

import pytest

from app.domain.calls import HALF_DAYS, SOON, CallOutcome, CallState, after_call
from tests.domain.calendars import CALENDAR, local

IN_VAIN = CallOutcome.NOT_REACHED
MORNING = local("2026-06-01 10:00")
AFTERNOON = local("2026-06-01 15:00")
TUESDAY = local("2026-06-02 09:00")


def after(*times, is_urgent=False, outcome=IN_VAIN):
    *before, at = times
    return after_call(outcome, before, CALENDAR, is_urgent=is_urgent, at=at)


@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.WRONG_NUMBER])
def test_who_is_reached_or_has_another_number_is_not_called_again(outcome):
    assert after(MORNING, outcome=outcome).state == outcome.value


def test_the_next_half_day_follows_the_first():
    assert after(MORNING).call_from == local("2026-06-01 13:30")
    assert after(MORNING, AFTERNOON).call_from == local("2026-06-02 08:30")
    assert after(local("2026-06-05 16:00")).call_from == local("2026-06-08 08:30")


def test_three_half_days_are_enough_and_three_calls_in_one_are_not():
    assert after(MORNING, AFTERNOON, TUESDAY).state is CallState.UNREACHED
    again = after(*[MORNING] * HALF_DAYS)
    assert (again.state, again.call_from) == (CallState.OPEN, local("2026-06-01 13:30"))


def test_what_is_urgent_is_tried_again_soon_and_three_times():
    assert after(MORNING, is_urgent=True).call_from == MORNING + SOON
    assert after(*[MORNING] * HALF_DAYS, is_urgent=True).state is CallState.UNREACHED
