"""Hosts whose clocks differ, tokens that die in flight, limits: nothing lost, nothing twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.models.delivery import Delivery
from jobs.deliver_notifications import SENDERS, deliver_notifications
from services.notifications.deliver import LEASE
from tests.jobs.killing import until
from tests.jobs.text_office import DOUBLED, SINGLE
from tests.threads import beside

SENDING = {"path": "subscribe/send"}
MINUTE = timedelta(minutes=1)
SKEW = 5 * MINUTE


def run(office, ahead=timedelta(0)):
    """A round by whose clock it is so much later."""
    with office.app.app_context(), clock.frozen(clock.real() + ahead):
        return deliver_notifications()


def attempts(office) -> set[int]:
    with office.app.app_context():
        return set(db.session.scalars(sa.select(Delivery.attempts)))


@pytest.mark.parametrize(("first", "second"), [(-SKEW, SKEW), (SKEW, -SKEW), (-SKEW, -SKEW)])
def test_hosts_whose_clocks_differ_send_nothing_twice(office, wechat, first, second):
    """Each believes of the other that it was lost, or that it never will be."""
    assert LEASE < SKEW
    office.post(people=SENDERS, messages=2)
    with office.app.app_context(), transaction():
        earlier = {"send_at": Delivery.send_at - 4 * SKEW}
        db.session.execute(sa.update(Delivery).values(earlier))
    wechat.fault("latency", match=SENDING, ms=60_000, times=SENDERS)
    with beside(office.app, deliver_notifications, at=clock.real() + first) as sending:
        until(lambda: len(wechat.calls("subscribe/send")) == SENDERS)
        run(office, second)
        wechat.stop_waiting()
        assert sending.result().items + sending.result().failures >= SENDERS
    for _ in range(2):
        run(office, 2 * SKEW)
    assert office.states() == {"sent": 2 * SENDERS}
    office.check()


@pytest.mark.parametrize("fault", ["token_expire", "token_invalidate"])
def test_a_storm_of_dying_tokens_loses_nothing(office, wechat, fault):
    """With each of the first sends every token dies; a new one is fetched once for all, and stays
    the same for all who ask.
    """
    office.post(people=2 * SENDERS, messages=1)
    wechat.fault(fault, match=SENDING, times=3 * SENDERS)
    before = len(wechat.calls("stable_token"))
    run(office)
    assert len(wechat.calls("stable_token")) - before <= 3 * SENDERS
    wechat.clear_faults()
    run(office, 11 * MINUTE)
    assert office.states() == {"sent": 2 * SENDERS}
    assert attempts(office) == {1}
    office.check()


def test_a_limit_of_the_minute_is_kept_to_and_costs_no_attempt(office, wechat):
    """After the first refusal the others wait for the next minutes."""
    limit, people = 3, 2 * SENDERS
    office.post(people=people, messages=1)
    wechat.fault("rate_limit", match=SENDING, per="minute", limit=limit)
    for minutes in range(1, 4):
        run(office, 2 * minutes * MINUTE)
        refused = [call for call in wechat.calls("subscribe/send") if call["errcode"] == 45011]
        assert len(refused) <= minutes * SENDERS
        wechat.advance(120)
    assert office.states() == {"sent": people}
    assert attempts(office) == {1}
    office.check()


def test_whose_clock_is_wrong_for_the_provider_of_texts_leaves_them_to_callers(text_office):
    """A signature is good for five minutes; what it was refused for was not sent."""
    text_office.post(DOUBLED, SINGLE)
    text_office.send(6 * MINUTE)
    assert text_office.states() == {"failed": 2}
    assert not text_office.arrived()
    text_office.check()
