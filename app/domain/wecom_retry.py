"""企业微信的重发: what becomes of a message that WeCom did not simply accept. One table, no clock.

Unlike the mini-program's platform, this one knows a repeated message by its content and shows it
once, for hours. So what may have been taken is sent again within that time, and never after it.
Source: the platform's page on application messages (`enable_duplicate_check`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.delivery import DeliveryState, Reason
from app.domain.retry import (
    ALERTED,
    MINUTE,
    Attempt,
    Circuit,
    Failure,
    Next,
    Row,
    crossed,
    repeated,
)

REMEMBERED = timedelta(hours=4)
"""The longest time for which the platform can be asked to know a repeated message."""

SAFE = REMEMBERED - timedelta(minutes=10)
"""So long after the first doubtful attempt another one may reach the platform."""

BLOCKED = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Doubt:
    """存疑: since when an attempt may have been taken that nobody answered for; None: none."""

    since: datetime | None

    def is_over(self, *, at: datetime) -> bool:
        """Whether an attempt that begins at `at` could be shown a second time."""
        return self.since is not None and at >= self.since + SAFE


def next_by_wecom(failure: Failure, attempt: Attempt, doubt: Doubt) -> Next:
    """What becomes of a message after `failure`: again, failed, or unknown for ever.

    A code has its own row; all else goes by its action. Raises nothing: what is in neither table
    is not repeated.
    """
    row = BY_CODE.get(failure.errcode) or BY_ACTION.get(failure.action, _dropped)
    following = row(failure, attempt)
    is_too_late = doubt.is_over(at=attempt.at + following.delay)
    if following.state is DeliveryState.PENDING and is_too_late:
        return replace(following, state=DeliveryState.UNKNOWN, reason=Reason.NO_ANSWER)
    if following.reason is Reason.GAVE_UP and doubt.since is not None:
        return replace(following, state=DeliveryState.UNKNOWN, reason=Reason.NO_ANSWER)
    return following


def _slowed(failure: Failure, attempt: Attempt) -> Next:
    return _halt(failure, MINUTE * (1 + attempt.jitter / 2))


def _blocked(failure: Failure, attempt: Attempt) -> Next:
    """The platform shuts whoever calls too often out for minutes."""
    return _halt(failure, BLOCKED * (1 + attempt.jitter / 2))


def _alerted(failure: Failure, _: Attempt) -> Next:
    return _halt(failure, ALERTED)


def _token_refused(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.PENDING, delay=ALERTED, halts=Circuit.WECOM_TOKEN)


def _halt(failure: Failure, delay: timedelta) -> Next:
    halts = Circuit.WECOM_TOKEN if failure.is_of_token else Circuit.WECOM_SEND
    return Next(DeliveryState.PENDING, delay=delay, halts=halts)


def _dropped(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.FAILED, Reason.REJECTED)


def _unreachable(_: Failure, __: Attempt) -> Next:
    return Next(DeliveryState.FAILED, Reason.UNREACHABLE)


BY_CODE: Mapping[int | None, Row] = {45009: _blocked, 45033: crossed}

BY_ACTION: Mapping[str, Row] = {
    "retry": repeated,
    "backoff": _slowed,
    "alert": _alerted,
    "refresh_token": _token_refused,
    "drop": _dropped,
    "unreachable": _unreachable,
    "unknown": repeated,
}

GOES_ON = frozenset({Reason.REJECTED, Reason.UNREACHABLE, Reason.GAVE_UP, Reason.UNBOUND})
"""Why a message failed for good here and goes to the mini-program."""
