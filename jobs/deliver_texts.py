"""短信投递: each short message is claimed, sent with no transaction open, and settled."""

import logging
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import transaction
from app.domain.errors import GatewayError, TooManyRequests
from app.domain.fallbacks import CallCause, TextForm
from app.domain.program_links import LONGEST, LinkForm, ticket_target, token_of
from jobs import runner
from jobs.runner import Outcome
from services.gateways.sms import Texts
from services.gateways.wechat import WeChat
from services.gateways.wechat_programs import Programs
from services.notifications.text_results import release_lapsed_texts, settle_text
from services.notifications.texts import (
    TextClaim,
    claim_text,
    leave_text,
    linked_numbers,
    next_text,
    send_text,
)
from services.program_links import kept_link, obtain_link
from services.tickets.terms import newest_calendar
from services.workers import own_name

log = logging.getLogger(__name__)


def deliver_texts() -> Outcome:
    """Send everything that is due, once. Items are messages that the provider took."""
    with transaction():
        release_lapsed_texts(newest_calendar(), at=clock.now(), real=clock.real())
    texts: Texts | None = current_app.config["TEXTS"]
    programs: Programs | None = current_app.config["WECHAT"]
    wechat = programs.for_enterprises() if programs else None
    outcome = Outcome()
    while texts is None and _leave_one():
        outcome.failures += 1
    if texts is not None and texts.has(TextForm.RATING):
        _make_links(wechat)
    while texts is not None and (claimed := _claim_one(texts, wechat)):
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


def _make_links(wechat: WeChat | None) -> None:
    """For what is due and has a place for a link, before anything is claimed.

    The first that cannot be had ends it: what goes out now goes without one, rather than wait.
    """
    with transaction():
        numbers = linked_numbers(TextForm.RATING, at=clock.now())
    for number in numbers:
        if runner.stopping.is_set():
            return
        try:
            with transaction():
                at = clock.real()
                obtain_link(wechat, ticket_target(number), LinkForm.URL_LINK, at + LONGEST, at=at)
        except (GatewayError, TooManyRequests) as fault:
            log.warning("texts go without links: %s", fault.code)
            return


def _link(due: sa.Row[Any], texts: Texts, wechat: WeChat | None) -> str | None:
    """What is filled in where the words have a place for a link, if there is one."""
    if due.form != TextForm.RATING or wechat is None or not texts.has(TextForm.RATING):
        return None
    kept = kept_link(wechat, ticket_target(due.number), LinkForm.URL_LINK, at=clock.real())
    return token_of(kept[0]) if kept else None


def _claim_one(texts: Texts, wechat: WeChat | None) -> TextClaim | None:
    """The next message, past all that does not go out now, each a transaction of its own."""
    while not runner.stopping.is_set():
        with transaction():
            due = next_text(at=clock.now())
            if due is None:
                return None
            link = _link(due, texts, wechat)
            claimed = claim_text(due, own_name(), newest_calendar(), link, at=clock.now())
        if claimed is not None:
            return claimed
    return None
