"""Waiting, with an ear for signals: they are blocked, and heard only where the launcher waits.

So no signal can strike between starting a child and noting it down.
"""

import signal
import time
from collections.abc import Callable

STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
TICK_SECONDS = 0.05


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


def listen() -> None:
    """Hear Ctrl-C, SIGTERM and SIGHUP from now on, in `pause`.

    A script's `make run &` inherits an ignored SIGINT, which is undone; an ignored SIGHUP is
    someone's `nohup`, which is respected.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    heard = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        heard.add(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)


def hear_again() -> None:
    """Undo `listen` in a child, between fork and exec."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def pause(seconds: float = TICK_SECONDS) -> None:
    """Wait at most so long, less when a child ends; raises Stopped on a signal to stop."""
    received = signal.sigtimedwait(STOPPING | {signal.SIGCHLD}, seconds)
    if received is not None and received.si_signo in STOPPING:
        raise Stopped(signal.Signals(received.si_signo).name)


def settle(seconds: float = TICK_SECONDS) -> None:
    """Wait at most so long, deaf to signals to stop: the stopping itself waits with this."""
    signal.sigtimedwait({signal.SIGCHLD}, seconds)


def wait_until(
    condition: Callable[[], bool], seconds: float, *, by: Callable[[], None] = pause
) -> bool:
    """Wait for a condition at most so long; whether it came true."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= limit:
            return False
        by()
    return True
