"""kill -9 of a sender while it writes to WeCom: nothing is lost, and nobody is shown twice.

Real processes, real commits, the emulated WeCom. `make fuzz rounds=100` repeats each test.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db, transaction
from app.models.delivery import Delivery
from app.models.wecom import WecomSendCount
from jobs.deliver_wecom import deliver_wecom
from services.notifications.deliver import LEASE
from tests.factories import make_cast, make_ticket
from tests.jobs.killing import ROUNDS, held, until
from tests.jobs.processes import kill, one_job
from tests.services.notifications.phones import know_templates
from tests.services.notifications.wecom.members import make_member
from tests.threads import wait_for_a_blocked_connection
from tests.wechat import Phones

SENDING = {"path": "message/send"}
MESSAGES = 6
TODO = "新诉求待办"
JOB = "deliver_wecom"
COUNTS = "LOCK TABLE wecom_send_counts IN EXCLUSIVE MODE"

pytestmark = pytest.mark.parametrize("round_", ROUNDS)


@pytest.fixture
def city(committed_app, wechat) -> Flask:
    """An application on a database of its own, whose templates are known."""
    with committed_app.app_context(), transaction():
        know_templates()
    return committed_app


def post(app: Flask, wechat: Phones, messages: int) -> None:
    """Messages to one official, all due now."""
    with app.app_context(), transaction():
        cast = make_cast()
        make_member(wechat, cast.housekeeper)
        for _ in range(messages):
            make_ticket(cast=cast)
        due = {"send_at": clock.now(), "expires_at": clock.now() + timedelta(days=1)}
        db.session.execute(sa.update(Delivery).values(due | {"rings_always": True}))


def states(app: Flask) -> Counter[str]:
    """Of what was posted; the scheduler's other jobs write messages of their own."""
    with app.app_context():
        mine = sa.select(Delivery.state).where(Delivery.template == TODO)
        return Counter(db.session.scalars(mine))


def shown(wechat: Phones) -> int:
    return sum(letter["title"] == TODO for letter in wechat.letters())


def lost(app: Flask) -> int:
    with app.app_context():
        counted = sa.select(WecomSendCount.count).where(WecomSendCount.result == "worker-lost")
        return db.session.scalar(counted) or 0


def settled(app: Flask, wechat: Phones) -> dict[str, int]:
    """What others make of it once the leases are over; each message was shown once at most."""

    def is_settled() -> bool:
        with app.app_context():
            clock.set_offset(timedelta(minutes=30))
            try:
                with transaction():
                    over = {"leased_until": clock.real() - LEASE}
                    sending = Delivery.state == "sending"
                    db.session.execute(sa.update(Delivery).where(sending).values(over))
                deliver_wecom()
            finally:
                clock.set_offset(timedelta(0))
        return not {"pending", "sending"} & states(app).keys()

    until(is_settled)
    texts = Counter(letter["text"] for letter in wechat.letters())
    assert [text for text, times in texts.items() if times > 1] == []
    return dict(states(app))


@pytest.mark.parametrize("is_acted_on", [False, True])
def test_killed_while_wecom_is_silent(city, wechat, log, is_acted_on, round_):
    post(city, wechat, 1)
    wechat.fault("hang", match=SENDING, act=is_acted_on, times=1)
    with one_job(city, log, JOB) as one:
        until(lambda: wechat.calls("message/send"))
        if is_acted_on:
            wechat.wait_for_letters()
        kill(one)
    assert states(city) == {"sending": 1}
    assert settled(city, wechat) == {"sent": 1}
    assert (shown(wechat), lost(city)) == (1, 1)
    assert len(wechat.calls("message/send")) >= 2


def test_killed_with_the_answer_in_hand(city, wechat, log, round_):
    post(city, wechat, 2)
    with held(city, COUNTS), one_job(city, log, JOB) as one:
        wechat.wait_for_letters()
        wait_for_a_blocked_connection(city)
        kill(one)
    assert states(city) == {"sending": 1, "pending": 1}
    assert settled(city, wechat) == {"sent": 2}
    assert shown(wechat) == 2


def test_killed_at_any_moment(city, wechat, log, chance: Random, round_):
    wechat.fault("latency", match=SENDING, ms=0, to_ms=chance.choice([0, 10, 60]))
    wanted = chance.randint(0, MESSAGES)
    post(city, wechat, MESSAGES)
    with one_job(city, log, JOB) as one:
        until(lambda: len(wechat.calls("message/send")) >= wanted)
        kill(one)
    until(lambda: all(call["status"] for call in wechat.calls("message/send")))
    wechat.clear_faults()
    assert settled(city, wechat) == {"sent": MESSAGES}
    assert shown(wechat) == MESSAGES
