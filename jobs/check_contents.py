"""内容审核: each check is claimed, the platform asked with no transaction open, then settled."""

import logging
from functools import partial
from typing import Any

from flask import current_app

from app import clock
from app.db import transaction
from jobs import runner
from jobs.runner import Outcome
from services import attachments
from services.content_checks.ask import LINK_LIFETIME, ask, settle
from services.content_checks.claim import Claim, Worker, claim, next_check
from services.content_checks.overdue import (
    exempt_all,
    left_lying,
    refer_overdue,
    release_lapsed,
)
from services.content_checks.tell import tell_coordinators
from services.gateways.wechat_programs import Programs
from services.tickets.terms import newest_calendar
from services.workers import own_name

log = logging.getLogger(__name__)


def check_contents() -> Outcome:
    """Ask about everything that is due, once. Items are checks of which the platform did its part.

    What it does not do in time goes to people.
    """
    programs: Programs | None = current_app.config["WECHAT"]
    with transaction():
        release_lapsed(at=clock.real())
        if programs is None:
            return Outcome(exempt_all())
        outcome = Outcome(refer_overdue(at=clock.real()))
    settings = current_app.config["SETTINGS"]
    worker = Worker(own_name(), programs.appids, bool(settings.public_address))
    while claimed := _claim_one(worker):
        result = ask(programs, claimed, partial(_address, settings))
        with transaction():
            is_done = settle(claimed, result, at=clock.real())
        outcome.items += is_done
        outcome.failures += not is_done
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def watch_content_checks() -> Outcome:
    """Remind coordinators of what has waited for people for more than a working day."""
    at = clock.now()
    with transaction():
        lying = left_lying(newest_calendar(), at=at)
        told = tell_coordinators(lying, at=at) if lying else 0
    if lying:
        log.warning("%d content checks have waited for people for a working day", len(lying))
    return Outcome(items=told)


def _claim_one(worker: Worker) -> Claim | None:
    """The next check, past all that the platform is not asked about, in a transaction each."""
    while not runner.stopping.is_set():
        with transaction():
            check = next_check(worker.appids, at=clock.real())
            if check is None:
                return None
            claimed = claim(worker, check, at=clock.real())
        if claimed is not None:
            return claimed
    return None


def _address(settings: Any, attachment_id: int) -> str:
    """A link of ours to a file, for who has it, for as long as the platform may need."""
    key, at = settings.link_key, clock.real()
    link = attachments.sign(attachment_id, key, at=at, lifetime=LINK_LIFETIME)
    path = f"api/v1/attachments/{attachment_id}/content"
    signed = f"expires={link.expires}&signature={link.signature}"
    return f"{settings.public_address}{path}?{signed}"
