"""短信投递: each short message is claimed, sent with no transaction open, and settled."""

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.fallbacks import CallCause
from jobs import runner
from jobs.runner import Outcome
from services.gateways.sms import Texts
from services.notifications.text_results import release_lapsed_texts, settle_text
from services.notifications.texts import TextClaim, claim_text, leave_text, next_text, send_text
from services.tickets.terms import newest_calendar
from services.workers import own_name


def deliver_texts() -> Outcome:
    """Send everything that is due, once. Items are messages that the provider took."""
    with transaction():
        release_lapsed_texts(newest_calendar(), at=clock.now(), real=clock.real())
    texts: Texts | None = current_app.config["TEXTS"]
    outcome = Outcome()
    while texts is None and _leave_one():
        outcome.failures += 1
    while texts is not None and (claimed := _claim_one()):
        result = send_text(texts, claimed)
        with transaction():
            is_sent = settle_text(claimed, result, newest_calendar(), at=clock.now())
        outcome.items += is_sent
        outcome.failures += not is_sent
    outcome.is_cut_short = runner.stopping.is_set()
    return outcome


def _leave_one() -> bool:
    """Without a provider what was written for one goes to people who call; False at the end."""
    if runner.stopping.is_set():
        return False
    with transaction():
        due = next_text(at=clock.now())
        if due is not None:
            leave_text(due, CallCause.TEXTS_OFF, newest_calendar(), at=clock.now())
    return due is not None


def _claim_one() -> TextClaim | None:
    """The next message, past all that does not go out now, each a transaction of its own."""
    while not runner.stopping.is_set():
        with transaction():
            due = next_text(at=clock.now())
            if due is None:
                return None
            claimed = claim_text(due, own_name(), newest_calendar(), at=clock.now())
        if claimed is not None:
            return claimed
    return None
