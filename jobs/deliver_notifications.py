"""投递: bring what is due to the phones, a few people at a time, each message claimed first.

Any number of processes may do this at once: a claim belongs to one sender, a person to one claim.
A run is one round: everybody who waits has a turn, of one message. It ends for all of its senders
when one finds nobody left, so that the next one begins with all of them again.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Event

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.digests import Limits
from jobs import runner
from jobs.runner import Outcome
from services.gateways.wechat_programs import Programs
from services.notifications.deliver import (
    Claim,
    Worker,
    claim,
    drop_expired,
    release_lapsed,
    send,
)
from services.notifications.due import is_any_due, next_due
from services.notifications.settle import settle
from services.tickets.terms import newest_calendar, rules_at
from services.workers import own_name

log = logging.getLogger(__name__)

SENDERS = 4


@dataclass(frozen=True, slots=True)
class Round:
    """What the senders of a run share. `served`: the bindings of those who have had their turn."""

    programs: Programs
    worker: Worker
    served: list[int] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)

    @property
    def goes_on(self) -> bool:
        return not (self.is_over.is_set() or runner.stopping.is_set())


def deliver_notifications() -> Outcome:
    """Send to everybody who waits, once. Items are messages that the platform accepted."""
    with transaction():
        release_lapsed(at=clock.real())
        drop_expired(at=clock.now())
    round_ = _begin(current_app.config["WECHAT"])
    if round_ is None:
        return Outcome()
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="sender") as pool:
        asked = [pool.submit(copy_context().run, _send_due, round_) for _ in range(SENDERS)]
    return _together(each.result() for each in asked)


def _begin(programs: Programs | None) -> Round | None:
    """None where no mini-program is configured, or nobody waits."""
    with transaction():
        if programs is None or not is_any_due(at=clock.now(), real=clock.real()):
            return None
        limits = Limits.of(rules_at(at=clock.now()))
        worker = Worker(own_name(), programs.appids, newest_calendar(), limits)
        return Round(programs, worker)


def _send_due(round_: Round) -> Outcome:
    """One sender, with connections of its own. After a fault of ours it leaves off this time."""
    outcome = Outcome()
    with current_app.app_context():
        try:
            while round_.goes_on and (claimed := _claim_one(round_)):
                _send_one(round_.programs, claimed, outcome)
        except Exception as error:
            log.exception("a sender broke off")
            outcome.failures += 1
            outcome.notes.append(f"a sender broke off: {type(error).__name__}")
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def _claim_one(round_: Round) -> Claim | None:
    """The next message, past all that does not go out now, each a transaction of its own."""
    while not runner.stopping.is_set():
        with transaction():
            due = next_due(round_.served, at=clock.now(), real=clock.real())
            claimed = claim(round_.worker, due, at=clock.now()) if due else None
        if due is None:
            round_.is_over.set()
            break
        if claimed is not None:
            round_.served.append(claimed.binding_id)
            return claimed
    return None


def _send_one(programs: Programs, claimed: Claim, outcome: Outcome) -> None:
    result = send(programs, claimed)
    with transaction():
        is_sent = settle(claimed, result, at=clock.now())
    outcome.items += is_sent
    outcome.failures += not is_sent


def _together(outcomes: Iterable[Outcome]) -> Outcome:
    whole = Outcome()
    for each in outcomes:
        whole.add(each)
    return whole
