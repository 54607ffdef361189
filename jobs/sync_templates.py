"""核对模板: what the mini-program's account has, against what we send. At once, then hourly."""

import logging

from flask import current_app

from app import clock
from app.db import transaction
from jobs.runner import Outcome
from services.gateways.wechat import WeChat
from services.notifications.templates import is_sync_due, store_templates

log = logging.getLogger(__name__)


def sync_templates() -> Outcome:
    """Ask the platform, with no transaction open, and store what it has.

    A look that failed is repeated at the next slot, which is sooner than a new look would be due.
    """
    wechat: WeChat | None = current_app.config["WECHAT"]
    if wechat is None:
        return Outcome()
    with transaction():
        is_due = is_sync_due(at=clock.real())
    if not is_due:
        return Outcome()
    found = wechat.templates()
    with transaction():
        wrong = store_templates(found, at=clock.real())
    for sentence in wrong:
        log.error("%s", sentence)
    return Outcome(items=len(found), failures=len(wrong), notes=wrong)
