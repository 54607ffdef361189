"""重发: what becomes of a message that the platform did not simply accept. One table, no clock.

Source: the platform's error policy. There is no way to ask later whether a message was taken, so
what may have been taken is never repeated by itself. What the platform refuses whoever asks is no
attempt of the message: it waits, and with it every other one, until the circuit closes.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.domain.delivery import DeliveryState, Reason
from app.domain.work_calendar import LOCAL_ZONE


class Circuit(StrEnum):
    """熔断 of a call: the platform's token, or sending itself."""

    TOKEN = "token"  # noqa: S105 - the name of a call
    SEND = "subscribe/send"
    TEMPLATES = "gettemplate"
    CODES = "getwxacodeunlimit"
    WECOM_TOKEN = "wecom/gettoken"  # noqa: S105 - the name of a call
    WECOM_SEND = "wecom/message/send"
    LINKS = "generate_urllink"
    TEXT_CHECKS = "msg_sec_check"
    FILE_CHECKS = "media_check_async"


class Consent(StrEnum):
    """What became of the consent that was booked for an attempt."""

    RETURNED = "returned"
    SPENT = "spent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Failure:
    """What came instead of an acceptance, in the plain values of the gateway's error.

    `action` is that of the table of errors, or `unknown` when there was no verdict.
    """

    action: str
    errcode: int | None = None
    is_of_token: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What follows. While pending, again after `delay`, or once the circuit that it `halts` closes.

    The circuit is open for `delay`. An attempt that does not count (`is_attempt`) was refused for
    reasons that are not its own.
    """

    state: DeliveryState
    reason: Reason | None = None
    delay: timedelta = timedelta(0)
    consent: Consent = Consent.RETURNED
    halts: Circuit | None = None
    stops_template: bool = False

    @property
    def is_attempt(self) -> bool:
        return self.halts is None and not self.stops_template


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which message failed, how often it has been tried with this time, and when (real time)."""

    delivery_id: int
    number: int
    at: datetime

    @property
    def jitter(self) -> float:
        """Between 0 and 1, the same whenever it is asked."""
        digest = hashlib.sha256(f"{self.delivery_id}:{self.number}".encode()).digest()
        return int.from_bytes(digest[:4]) / 2**32


WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 60, 300, 900, 3_600))
"""Three quick tries more, then slow ones: an outage of an hour loses nothing."""

MOST_ATTEMPTS = len(WAITS) + 1
CROSSED = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALERTED = timedelta(minutes=10)
LINKS_OF_THE_DAY = (44993, 85406)
"""Codes of the platform: no more links today, or no more openings of them."""


def next_after(failure: Failure, attempt: Attempt) -> Next:
    """What becomes of a delivery after `failure`: again, failed, or unknown for ever.

    A code of the sending call has its own row; all else goes by the action of its class. What is
    in neither table is not repeated.
    """
    by_action = BY_ACTION.get(failure.action, _dropped)
    row = by_action if failure.is_of_token else BY_CODE.get(failure.errcode, by_action)
    return row(failure, attempt)


def rest_of_codes(failure: Failure) -> tuple[Circuit, timedelta] | None:
    """Which call is left alone for how long after a code could not be made; None: none is.

    Its quota is one of the minute, whatever the code says: five thousand.
    """
    return _rest(Circuit.CODES, failure)


def rest_of_links(failure: Failure, *, at: datetime) -> tuple[Circuit, timedelta] | None:
    """The same after a link could not be made; what is used up comes back on another day."""
    if failure.errcode in LINKS_OF_THE_DAY and not failure.is_of_token:
        return Circuit.LINKS, _until_midnight(at)
    return _rest(Circuit.LINKS, failure)


def _rest(circuit: Circuit, failure: Failure) -> tuple[Circuit, timedelta] | None:
    rest = {"alert": ALERTED, "refresh_token": ALERTED, "backoff": MINUTE}.get(failure.action)
    if rest is None:
        return None
    is_of_token = failure.is_of_token or failure.action == "refresh_token"
    return (Circuit.TOKEN if is_of_token else circuit), rest


def _again(delay: timedelta, attempt: Attempt) -> Next:
    if attempt.number >= MOST_ATTEMPTS:
        return Next(DeliveryState.FAILED, Reason.GAVE_UP)
    return Next(DeliveryState.PENDING, delay=delay)


def _halt(failure: Failure, circuit: Circuit, delay: timedelta) -> Next:
    halts = Circuit.TOKEN if failure.is_of_token else circuit
    return Next(DeliveryState.PENDING, delay=delay, halts=halts)


def repeated(_: Failure, attempt: Attempt) -> Next:
    """Again after a while that grows, until there were enough attempts."""
    wait = WAITS[min(attempt.number, len(WAITS)) - 1]
    return _again(wait * (1 + attempt.jitter / 2), attempt)


def crossed(_: Failure, attempt: Attempt) -> Next:
    """Again after seconds, for another call was in the way."""
    return _again(CROSSED * (1 + 2 * attempt.jitter), attempt)


def _slowed(failure: Failure, attempt: Attempt) -> Next:
    return _halt(failure, Circuit.SEND, MINUTE * (1 + attempt.jitter / 2))


def _used_up(failure: Failure, attempt: Attempt) -> Next:
    """Until the platform's next day begins, in Shanghai."""
    return _halt(failure, Circuit.SEND, _until_midnight(attempt.at))


def _until_midnight(at: datetime) -> timedelta:
    local = at.astimezone(LOCAL_ZONE)
    return datetime.combine(local.date() + timedelta(days=1), time(), LOCAL_ZONE) - local


def _alerted(failure: Failure, _: Attempt) -> Next:
    return _halt(failure, Circuit.SEND, ALERTED)


def _token_refused(failure: Failure, _: Attempt) -> Next:
    return _halt(failure, Circuit.TOKEN, ALERTED)


def _template_stopped(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.PENDING, stops_template=True)


def _dropped(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.FAILED, Reason.REJECTED)


def _unsubscribed(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.FAILED, Reason.UNSUBSCRIBED, consent=Consent.REFUSED)


def _unknown(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.UNKNOWN, Reason.NO_ANSWER, consent=Consent.SPENT)


Row = Callable[[Failure, Attempt], Next]

BY_CODE: Mapping[int | None, Row] = {
    43108: crossed,
    45009: _used_up,
    40037: _template_stopped,
    41030: _template_stopped,
    43102: _template_stopped,
    43107: _template_stopped,
}

BY_ACTION: Mapping[str, Row] = {
    "retry": repeated,
    "backoff": _slowed,
    "alert": _alerted,
    "refresh_token": _token_refused,
    "pause_user": _unsubscribed,
    "drop": _dropped,
    "unknown": _unknown,
}
