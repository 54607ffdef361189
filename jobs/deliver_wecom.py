"""企业微信投递: each message is claimed, sent with no transaction open, and settled.

Any number of processes may do this at once: a claim belongs to one sender.
"""

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.digests import Limits
from app.domain.retry import Circuit
from app.domain.wecom_rates import start_of_day
from jobs import runner
from jobs.runner import Outcome
from services.gateways.wecom import WeCom
from services.notifications.circuits import Halt, open_circuit
from services.notifications.wecom_deliver import (
    WecomClaim,
    WecomWorker,
    claim,
    leave_all,
    send,
)
from services.notifications.wecom_due import has_room_today, next_due
from services.notifications.wecom_settle import release_lapsed, settle
from services.tickets.terms import newest_calendar, rules_at
from services.workers import own_name

NO_ROOM = "今天可发的消息已用完，到明天再发。"


def deliver_wecom() -> Outcome:
    """Send everything that is due, once. Items are messages that the platform accepted."""
    wecom: WeCom | None = current_app.config["WECOM"]
    outcome = Outcome()
    with transaction():
        release_lapsed(real=clock.real(), at=clock.now())
        if wecom is None:
            outcome.failures = leave_all(at=clock.now())
    if wecom is None:
        return outcome
    while claimed := _claim_one(wecom.corp_id):
        result = send(wecom, claimed)
        with transaction():
            is_sent = settle(claimed, result, at=clock.now())
        outcome.items += is_sent
        outcome.failures += not is_sent
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def _claim_one(corp_id: str) -> WecomClaim | None:
    """The next message, past all that does not go out now, each a transaction of its own."""
    while not runner.stopping.is_set():
        with transaction():
            due = next_due(real=clock.real(), at=clock.now())
            if due is None or not _has_room(corp_id):
                return None
            claimed = claim(_worker(corp_id), due, at=clock.now())
        if claimed is not None:
            return claimed
    return None


def _worker(corp_id: str) -> WecomWorker:
    limits = Limits.of(rules_at(at=clock.now()))
    return WecomWorker(own_name(), corp_id, newest_calendar(), limits)


def _has_room(corp_id: str) -> bool:
    """Else the platform is left alone until its next day begins, and people are told."""
    real = clock.real()
    if has_room_today(corp_id, real=real):
        return True
    tomorrow = start_of_day(1, at=real)
    open_circuit(Halt(corp_id, Circuit.WECOM_SEND), None, NO_ROOM, until=tomorrow, at=real)
    return False
