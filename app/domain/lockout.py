"""登录延迟: how long somebody who was wrong too often has to wait. Failures fade one by one."""

from dataclasses import dataclass
from datetime import timedelta

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(minutes=15)
DOUBLINGS = 4
"""1, 2, 4, 8 minutes, and then the longest."""
ADDRESS_FACTOR = 20
"""Offices and carriers put many people behind one address."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """`free` failures cost nothing; one of them is forgotten every `fades`."""

    free: int
    fades: timedelta


def of_account(free: int) -> Leniency:
    """For one name, known or not: whoever goes on gets four tries an hour."""
    return Leniency(free, timedelta(hours=1))


def of_address(free: int) -> Leniency:
    """For all that comes from one address."""
    return Leniency(free * ADDRESS_FACTOR, timedelta(seconds=15))


def left_over(failures: int, rest: timedelta, leniency: Leniency) -> int:
    """How many of `failures` still count after `rest` without any."""
    return max(0, failures - int(rest / leniency.fades))


def delay(failures: int, leniency: Leniency) -> timedelta:
    """How long to wait after the last of `failures`: nothing, 1, 2, 4, 8, 15, 15 … minutes."""
    surplus = failures - leniency.free
    if surplus < 0:
        return timedelta(0)
    if surplus >= DOUBLINGS:
        return LONGEST_DELAY
    return FIRST_DELAY * (1 << surplus)
