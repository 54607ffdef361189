"""投递的状态与原因: how bringing a message to a phone can end, and why. Labels: `labels.py`."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """投递状态."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MERGED = "merged"


class Reason(StrEnum):
    """Why a message did not reach the phone, or why nobody can tell whether it did."""

    EXPIRED = "expired"
    OUTDATED = "outdated"
    UNBOUND = "unbound"
    NO_CONSENT = "no-consent"
    KEPT = "kept-for-important"
    UNSUBSCRIBED = "unsubscribed"
    REJECTED = "rejected"
    GAVE_UP = "gave-up"
    NOT_DELIVERED = "not-delivered"
    NO_ANSWER = "no-answer"
    WORKER_LOST = "worker-lost"
    GONE_ON = "gone-on"
    NO_DIGEST = "no-digest-consent"
    DAY_FULL = "day-full"


SETTLED_BY_PEOPLE = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})
"""States that nothing leaves by itself: people may have the message sent again."""
