"""投递: bring what is due to the phones, a few people at a time, each message claimed first.

Any number of processes may do this at once: a claim belongs to one sender, a person to one claim.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask import current_app

from app import clock
from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services.gateways.wechat import WeChat
from services.notifications.deliver import Worker, claim, drop_expired, release_lapsed, send
from services.notifications.due import count_people
from services.notifications.settle import settle
from services.workers import own_name

log = logging.getLogger(__name__)

SENDERS = 4


def deliver_notifications() -> Outcome:
    """Send until nothing is due. Items are messages that the platform accepted."""
    wechat: WeChat | None = current_app.config["WECHAT"]
    if wechat is None:
        return Outcome()
    with transaction():
        release_lapsed(at=clock.real())
        drop_expired(at=clock.now())
        senders = count_people(SENDERS, at=clock.now(), real=clock.real())
    if not senders:
        return Outcome()
    with ThreadPoolExecutor(senders, thread_name_prefix="sender") as pool:
        asked = [pool.submit(copy_context().run, _send_due, wechat) for _ in range(senders)]
    return _together(each.result() for each in asked)


def _send_due(wechat: WeChat) -> Outcome:
    """One sender, with connections of its own. After a fault of ours it leaves off this time."""
    outcome, worker = Outcome(), Worker(own_name(), wechat.appid)
    with current_app.app_context():
        try:
            while not runner.stopping.is_set() and _send_one(wechat, worker, outcome):
                pass
        except Exception as error:
            log.exception("a sender broke off")
            outcome.failures += 1
            outcome.notes.append(f"a sender broke off: {type(error).__name__}")
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def _send_one(wechat: WeChat, worker: Worker, outcome: Outcome) -> bool:
    """Claim, send, settle; False when nothing is due."""
    with transaction():
        claimed = claim(worker, at=clock.now())
    if claimed is None:
        return False
    result = send(wechat, claimed)
    with transaction():
        is_sent = settle(claimed, result, at=clock.now())
    outcome.items += is_sent
    outcome.failures += not is_sent
    return True


def _together(outcomes: Iterable[Outcome]) -> Outcome:
    whole = Outcome()
    for each in outcomes:
        whole.items += each.items
        whole.failures += each.failures
        whole.notes += each.notes
        whole.is_cut_short |= each.is_cut_short
    return whole
