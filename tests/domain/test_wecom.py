"""企业微信: rates, what follows a failure, and words that are always the same."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.delivery import DeliveryState, Reason
from app.domain.phone_forms import FIELDS, Template
from app.domain.retry import MOST_ATTEMPTS, Attempt, Circuit, Failure
from app.domain.wecom_letters import DESCRIPTION_BYTES, TITLE_BYTES, letter_of
from app.domain.wecom_rates import TO_ONE_MEMBER, free_at, may_send_today
from app.domain.wecom_retry import SAFE, Doubt, next_by_wecom

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NONE = Doubt(None)
PENDING, FAILED, UNKNOWN = DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.UNKNOWN


def attempt(number: int = 1) -> Attempt:
    return Attempt(7, number, NOW)


def test_the_rates_are_those_of_the_platform():
    told = [(rate.count, rate.window.total_seconds()) for rate in TO_ONE_MEMBER]
    assert told == [(30, 60), (1_000, 3_600)]


def test_a_member_is_free_when_the_last_of_the_windows_is_over():
    a_minute, an_hour = TO_ONE_MEMBER
    assert free_at({}) is None
    assert free_at({a_minute: NOW}) == NOW + timedelta(minutes=1)
    assert free_at({a_minute: NOW, an_hour: NOW - timedelta(minutes=1)}) == NOW + timedelta(
        minutes=59
    )


def test_the_day_has_room_for_fewer_than_the_platform_allows():
    assert may_send_today(379, 2)
    assert not may_send_today(380, 2)


@pytest.mark.parametrize(
    ("action", "errcode", "state", "reason", "halts"),
    [
        ("retry", -1, PENDING, None, None),
        ("retry", 45033, PENDING, None, None),
        ("backoff", None, PENDING, None, Circuit.WECOM_SEND),
        ("backoff", 45009, PENDING, None, Circuit.WECOM_SEND),
        ("alert", 60020, PENDING, None, Circuit.WECOM_SEND),
        ("refresh_token", 40014, PENDING, None, Circuit.WECOM_TOKEN),
        ("drop", 40058, FAILED, Reason.REJECTED, None),
        ("unreachable", 81013, FAILED, Reason.UNREACHABLE, None),
        ("unknown", None, PENDING, None, None),
        ("something new", None, FAILED, Reason.REJECTED, None),
    ],
)
def test_what_follows_a_failure(action, errcode, state, reason, halts):
    following = next_by_wecom(Failure(action, errcode), attempt(), NONE)
    assert (following.state, following.reason, following.halts) == (state, reason, halts)
    assert (following.delay > timedelta(0)) is (state is PENDING)


def test_a_failure_of_the_token_halts_the_token():
    following = next_by_wecom(Failure("alert", 40001, is_of_token=True), attempt(), NONE)
    assert following.halts is Circuit.WECOM_TOKEN


def test_who_calls_too_often_waits_longer_than_who_is_merely_slowed():
    slowed, blocked = (
        next_by_wecom(Failure("backoff", errcode), attempt(), NONE).delay
        for errcode in (None, 45009)
    )
    assert timedelta(minutes=1) <= slowed < timedelta(minutes=5) <= blocked


def test_what_may_have_been_taken_is_repeated_only_while_the_platform_remembers():
    just = Doubt(NOW - SAFE + timedelta(seconds=5))
    long_ago = Doubt(NOW - SAFE)
    assert next_by_wecom(Failure("unknown"), attempt(), just).state is PENDING
    for action in ("unknown", "retry", "backoff", "alert"):
        following = next_by_wecom(Failure(action), attempt(), long_ago)
        assert (following.state, following.reason) == (UNKNOWN, Reason.NO_ANSWER)
    assert next_by_wecom(Failure("drop"), attempt(), long_ago).state is FAILED


def test_who_gives_up_in_doubt_does_not_know():
    last = attempt(MOST_ATTEMPTS)
    gone = next_by_wecom(Failure("retry"), last, NONE)
    assert (gone.state, gone.reason) == (FAILED, Reason.GAVE_UP)
    doubted = next_by_wecom(Failure("retry"), last, Doubt(NOW))
    assert (doubted.state, doubted.reason) == (UNKNOWN, Reason.NO_ANSWER)


@pytest.mark.parametrize("template", Template)
def test_a_letter_fits_and_is_the_same_each_time(template):
    fields = {field.label: "字" * 20 for field in FIELDS[template]}
    letter = letter_of(template, fields, 10**12, None)
    assert letter == letter_of(template, dict(reversed(fields.items())), 10**12, None)
    assert len(letter.title.encode()) <= TITLE_BYTES
    assert len(letter.description.encode()) <= DESCRIPTION_BYTES
    assert letter != letter_of(template, fields, 10**12 + 1, None)
