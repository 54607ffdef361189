"""限流: so many requests a window, for each caller alone, however many threads count."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from app.domain import throttle
from app.domain.throttle import Allowance, Throttle
from tests.domain.story import MONDAY

SECOND = timedelta(seconds=1)


def test_what_is_left_is_told_until_nothing_is_left():
    few = Throttle("account", 2)
    taken = [few.take("me", at=MONDAY) for _ in range(4)]
    assert [one.remaining for one in taken] == [1, 0, 0, 0]
    assert [one.is_exceeded for one in taken] == [False, False, True, True]


def test_each_caller_has_a_limit_of_its_own():
    few = Throttle("account", 1)
    assert [few.take(who, at=MONDAY).is_exceeded for who in (1, 2, 1)] == [False, False, True]


def test_the_reset_counts_down_to_the_next_window_and_never_to_nothing():
    few = Throttle("account", 1, seconds=60)
    resets = [few.take(1, at=MONDAY + seconds * SECOND).reset for seconds in (0, 1, 59, 60)]
    assert resets == [60, 59, 1, 60]
    part = MONDAY + timedelta(seconds=59, milliseconds=999)
    assert few.take(1, at=part).reset == 1


def test_a_new_window_forgets_the_last_one_also_when_the_clock_is_set_back():
    few = Throttle("account", 1)
    for at in (MONDAY, MONDAY + 60 * SECOND, MONDAY - 60 * SECOND):
        assert few.take(1, at=at) == Allowance(0, 60, is_exceeded=False)


def test_the_policy_is_that_of_the_draft():
    few = Throttle("address", 600, seconds=60)
    assert few.policy == '"address";q=600;w=60'
    assert few.is_on
    assert not Throttle("address", 0).is_on


def test_counts_are_bounded_whoever_comes(monkeypatch):
    monkeypatch.setattr(throttle, "AT_MOST", 3)
    few = Throttle("address", 1)
    for address in range(100):
        few.take(address, at=MONDAY)
        assert len(few._taken) <= 3


def test_threads_lose_no_request():
    many, start = Throttle("account", 10_000), Barrier(8, timeout=20)

    def ask(_: int) -> None:
        start.wait()
        for _ in range(500):
            many.take(1, at=MONDAY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert many.take(1, at=MONDAY).remaining == 10_000 - 8 * 500 - 1
