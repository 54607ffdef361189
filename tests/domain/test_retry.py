"""What becomes of a message that the platform did not simply accept."""

from datetime import datetime, timedelta

import pytest

from app.domain.delivery import DeliveryState, Reason
from app.domain.retry import (
    BY_ACTION,
    MOST_ATTEMPTS,
    Attempt,
    Circuit,
    Consent,
    Failure,
    next_after,
)
from services.gateways import wechat_errors
from services.gateways.wechat_errors import Call
from tests.domain.calendars import local

PENDING, FAILED, UNKNOWN = DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.UNKNOWN
NOON = local("2026-06-01 12:00")


def after(action, errcode=None, number=1, *, delivery=1, at: datetime = NOON, is_of_token=False):
    return next_after(Failure(action, errcode, is_of_token), Attempt(delivery, number, at))


def seconds(following) -> float:
    return following.delay.total_seconds()


@pytest.mark.parametrize("errcode", [-1, None])
def test_what_was_not_taken_is_tried_again_at_growing_distances(errcode):
    bases = [1, 2, 4, 60, 300, 900, 3_600]
    assert len(bases) == MOST_ATTEMPTS - 1
    for number, base in enumerate(bases, start=1):
        following = after("retry", errcode, number)
        assert (following.state, following.consent) == (PENDING, Consent.RETURNED)
        assert following.is_attempt
        assert base <= seconds(following) <= base * 1.5
    last = after("retry", errcode, MOST_ATTEMPTS)
    assert (last.state, last.reason) == (FAILED, Reason.GAVE_UP)
    assert last.consent is Consent.RETURNED


def test_messages_that_failed_together_come_back_apart_yet_always_at_the_same_time():
    waits = [seconds(after("retry", -1, delivery=delivery)) for delivery in range(1, 40)]
    assert waits == [seconds(after("retry", -1, delivery=delivery)) for delivery in range(1, 40)]
    assert len(set(waits)) > 30
    assert max(waits) - min(waits) > 0.3


def test_two_sends_at_once_to_one_person_wait_a_moment():
    waits = [seconds(after("retry", 43108, delivery=delivery)) for delivery in range(1, 40)]
    assert all(1 <= wait <= 3 for wait in waits)
    assert max(waits) > 2
    assert after("retry", 43108).halts is None
    assert after("retry", 43108, MOST_ATTEMPTS).reason is Reason.GAVE_UP


@pytest.mark.parametrize("errcode", [45011, 44991, None])
def test_too_many_a_minute_holds_everything_for_a_minute_or_more(errcode):
    following = after("backoff", errcode)
    assert 60 <= seconds(following) <= 90
    assert (following.state, following.halts) == (PENDING, Circuit.SEND)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-01 12:00", "2026-06-02 00:00"),
        ("2026-06-01 23:59:59", "2026-06-02 00:00"),
        ("2026-06-02 00:00", "2026-06-03 00:00"),
        ("2026-12-31 09:30", "2027-01-01 00:00"),
    ],
)
def test_the_day_quota_comes_back_at_midnight_in_shanghai(at, until):
    following = after("backoff", 45009, at=local(at))
    assert local(at) + following.delay == local(until)
    assert following.halts is Circuit.SEND


def test_what_is_refused_whoever_asks_is_no_attempt_of_the_message():
    ten_minutes = timedelta(minutes=10)
    alerted = after("alert", 48001, MOST_ATTEMPTS)
    assert (alerted.state, alerted.halts, alerted.delay) == (PENDING, Circuit.SEND, ten_minutes)
    assert not alerted.is_attempt
    assert not after("backoff", 45009, MOST_ATTEMPTS).is_attempt
    assert not after("refresh_token", 40001).is_attempt


def test_the_token_has_a_circuit_of_its_own():
    for following in (
        after("refresh_token", 40001),
        after("alert", 40164, is_of_token=True),
        after("backoff", 45011, is_of_token=True),
        after("alert", 45009, is_of_token=True),
    ):
        assert (following.state, following.halts) == (PENDING, Circuit.TOKEN)
    assert after("retry", -1, is_of_token=True).halts is None


@pytest.mark.parametrize("errcode", [40037, 41030, 43102, 43107])
def test_a_refused_template_is_stopped_and_the_message_waits_for_it(errcode):
    following = after("alert", errcode)
    assert following.stops_template
    assert (following.state, following.halts, following.is_attempt) == (PENDING, None, False)
    assert not after("alert", 48001).stops_template


@pytest.mark.parametrize("errcode", [47003, 45168, 44002, 47001, 40033, 40003])
def test_what_the_platform_rejects_is_not_repeated(errcode):
    following = after("drop", errcode)
    assert (following.state, following.reason) == (FAILED, Reason.REJECTED)
    assert following.consent is Consent.RETURNED
    assert following.halts is None


def test_who_does_not_subscribe_has_no_consent_left():
    following = after("pause_user", 43101)
    assert (following.state, following.reason) == (FAILED, Reason.UNSUBSCRIBED)
    assert following.consent is Consent.REFUSED


@pytest.mark.parametrize("number", [1, MOST_ATTEMPTS])
def test_what_may_have_been_sent_is_never_sent_again_by_itself(number):
    following = after("unknown", None, number)
    assert (following.state, following.reason) == (UNKNOWN, Reason.NO_ANSWER)
    assert following.consent is Consent.SPENT


def test_an_action_that_nobody_knows_is_not_repeated():
    assert after("celebrate", 99999).state is FAILED


def test_every_action_of_the_gateway_has_its_row():
    silent = (wechat_errors.NotReached, wechat_errors.OutcomeUnknown)
    kinds = (*wechat_errors.KIND_OF_ACTION.values(), *silent)
    assert {kind.action for kind in kinds} == BY_ACTION.keys()


def test_no_code_of_the_platform_is_repeated_where_the_policy_says_to_drop_it():
    dropped = [
        errcode
        for (call, errcode), row in wechat_errors.TABLE.items()
        if call in (Call.SEND, wechat_errors.ANY_WITH_TOKEN) and row.kind.action == "drop"
    ]
    assert dropped
    assert all(after("drop", errcode).state is FAILED for errcode in dropped)
