"""短信: what becomes of a short message that the provider did not simply take. One table, no clock.

The provider has no way to ask later whether a message was taken. What fails goes to people, who
call; so nothing is tried for long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.domain.delivery import DeliveryState, Reason

WAITS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))
"""How long after the first, second and third attempt that did nothing the next one comes."""


@dataclass(frozen=True, slots=True)
class AfterText:
    """What follows; while pending, again after `delay`. `is_alarm`: the fault is ours."""

    state: DeliveryState
    reason: Reason | None = None
    delay: timedelta = timedelta(0)
    is_alarm: bool = False


_REJECTED = AfterText(DeliveryState.FAILED, Reason.REJECTED)

ENDS: Mapping[str, AfterText] = {
    "drop": _REJECTED,
    "alert": AfterText(DeliveryState.FAILED, Reason.REJECTED, is_alarm=True),
    "unknown": AfterText(DeliveryState.UNKNOWN, Reason.NO_ANSWER),
}
"""By the action of the provider's error."""

REPEATED = frozenset({"retry", "backoff"})
"""Actions that say that nothing was done, and that it may be done later."""


def after_text(action: str, attempts: int) -> AfterText:
    """What becomes of a short message whose attempt number `attempts`, from 1, came to `action`."""
    if action not in REPEATED:
        return ENDS.get(action, _REJECTED)
    if attempts > len(WAITS):
        return AfterText(DeliveryState.FAILED, Reason.GAVE_UP)
    return AfterText(DeliveryState.PENDING, delay=WAITS[attempts - 1])
