"""kill -9 of a sender at any moment: nothing is lost, nothing is sent twice, the ledger holds.

Real processes, real commits, the emulated WeChat. `make fuzz rounds=100` repeats each test.
"""

from random import Random

import pytest

from tests.jobs.killing import ROUNDS, held, until
from tests.jobs.post_office import PostOffice
from tests.jobs.processes import kill, one_job, scheduler
from tests.threads import wait_for_a_blocked_connection

SENDING = {"path": "subscribe/send"}
JOB = "deliver_notifications"
QUOTAS = "SELECT 1 FROM wechat_quotas FOR UPDATE"
PEOPLE, MESSAGES = 4, 4

pytestmark = pytest.mark.parametrize("round_", ROUNDS)


def settled(office: PostOffice) -> dict[str, int]:
    """What others make of it once the leases are over: every message at its end, every law kept."""
    office.check_once_lost()
    until(office.recover)
    office.check()
    return dict(office.states())


def test_killed_while_claiming(office, log, round_):
    office.post(people=1, messages=1)
    with held(office.app, QUOTAS), one_job(office.app, log, JOB) as one:
        wait_for_a_blocked_connection(office.app)
        kill(one)
    assert office.states() == {"pending": 1}
    assert settled(office) == {"sent": 1}


@pytest.mark.parametrize("is_acted_on", [False, True])
def test_killed_while_the_platform_is_silent(office, wechat, log, is_acted_on, round_):
    office.post(people=1, messages=2)
    wechat.fault("hang", match=SENDING, act=is_acted_on, times=1)
    with one_job(office.app, log, JOB) as one:
        until(lambda: wechat.calls("subscribe/send"))
        if is_acted_on:
            wechat.wait_for_messages()
        kill(one)
    assert office.states() == {"sending": 1, "pending": 1}
    assert settled(office) == {"unknown": 1, "sent": 1}
    assert sum(office.arrived().values()) == 1 + is_acted_on


def test_killed_before_a_slow_platform_acts_on_it(office, wechat, log, round_):
    office.post(people=1, messages=1)
    wechat.fault("latency", match=SENDING, ms=400, times=1)
    with one_job(office.app, log, JOB) as one:
        until(lambda: wechat.calls("subscribe/send"))
        kill(one)
    wechat.wait_for_messages()
    assert settled(office) == {"unknown": 1}
    assert sum(office.arrived().values()) == 1


def test_killed_with_the_answer_in_hand(office, wechat, log, round_):
    office.post(people=1, messages=2)
    table = "LOCK TABLE wechat_send_counts IN EXCLUSIVE MODE"
    with held(office.app, table), one_job(office.app, log, JOB) as one:
        wechat.wait_for_messages()
        wait_for_a_blocked_connection(office.app)
        kill(one)
    assert office.states() == {"sending": 1, "pending": 1}
    assert settled(office) == {"unknown": 1, "sent": 1}
    assert sum(office.arrived().values()) == 2


MOMENTS = {
    "arrived": lambda office: len(office.wechat.messages()),
    "asked": lambda office: len(office.wechat.calls("subscribe/send")),
    "claimed": lambda office: sum(office.states().values()) - office.states()["pending"],
}


def some_moment(office: PostOffice, chance: Random, start: int) -> None:
    """Wait until some number of messages has got some distance, or nobody can be served now."""
    seen, wanted = MOMENTS[chance.choice(sorted(MOMENTS))], chance.randint(start, PEOPLE * MESSAGES)
    until(lambda: seen(office) >= wanted or not office.waiting())


def test_two_of_them_killed_at_any_moment(office, wechat, log, chance, round_):
    wechat.fault("latency", match=SENDING, ms=0, to_ms=chance.choice([0, 10, 60]))
    beside = log.with_name("beside.log")
    with scheduler(office.app, log) as one, scheduler(office.app, beside) as other:
        office.post(people=PEOPLE, messages=MESSAGES)
        some_moment(office, chance, 0)
        kill(one)
        some_moment(office, chance, PEOPLE)
        kill(other)
    until(lambda: all(call["status"] for call in wechat.calls("subscribe/send")))
    wechat.clear_faults()
    states = settled(office)
    assert states.keys() <= {"sent", "unknown"}
    assert states.get("unknown", 0) <= 2 * PEOPLE
