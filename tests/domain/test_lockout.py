"""登录延迟: it grows, it has an end, and failures fade."""

from datetime import timedelta

import pytest

from app.domain.lockout import Leniency, delay, left_over, of_account, of_address

FIVE = Leniency(5, timedelta(hours=1))


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (1000, 15)],
)
def test_the_delay_grows_to_a_quarter_of_an_hour(failures, minutes):
    assert delay(failures, FIVE) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("rest", "left"),
    [(timedelta(0), 7), (timedelta(minutes=59), 7), (timedelta(hours=2), 5), (timedelta(9), 0)],
)
def test_failures_fade_one_by_one(rest, left):
    assert left_over(7, rest, FIVE) == left


def test_who_goes_on_guessing_gains_nothing_by_waiting():
    """At most four tries an hour, however they are spaced."""
    leniency = of_account(5)
    assert leniency.fades >= delay(100, leniency)


def test_an_address_may_be_wrong_far_more_often():
    assert of_address(5).free == 20 * of_account(5).free
