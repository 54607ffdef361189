"""企业微信的限额: how often the platform lets one application write, as data.

What comes too often is dropped by the platform without a word, so that we keep count ourselves.
Source: the platform's page on application messages, frequency limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.work_calendar import LOCAL_ZONE


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any stretch of time as long as `window`."""

    count: int
    window: timedelta


TO_ONE_MEMBER = (Rate(30, timedelta(minutes=1)), Rate(1_000, timedelta(hours=1)))
"""Of one application to one member."""

A_DAY_FOR_EACH_MEMBER = 200
"""Of one application to all members together, for each member and day of Shanghai."""

KEPT_BACK = 10
"""So many of them are not used: senders that count at the same time do not see each other."""


def free_at(last: Mapping[Rate, datetime]) -> datetime | None:
    """From when on a member may be written to, given for each rate its `count`-th last message.

    A rate without one leaves room. None: there is room for all rates.
    """
    return max((at + rate.window for rate, at in last.items()), default=None)


def may_send_today(sent: int, members: int) -> bool:
    """Whether the day has room for one more round of messages to `members` who are known to us.

    The platform counts the accounts of the whole corporation, of which these are a part.
    """
    return sent < (A_DAY_FOR_EACH_MEMBER - KEPT_BACK) * members


def start_of_day(days: int = 0, *, at: datetime) -> datetime:
    """When the day of Shanghai began in which `at` lies, or so many days after it."""
    day = at.astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    return datetime.combine(day, time(), LOCAL_ZONE)
