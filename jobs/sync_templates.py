"""核对模板: what the mini-program's account has, against what we send. At once, then hourly."""

import logging
from collections.abc import Sequence

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.audience import MessageKind
from jobs.runner import Outcome
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import Call, NotReached, WeChatError
from services.notifications.alarms import tell_administrators
from services.notifications.templates import is_sync_due, put_off, store_templates

log = logging.getLogger(__name__)


def sync_templates() -> Outcome:
    """Ask the platform, with no transaction open, and store what it has.

    What never came to ask is repeated at the next slot. Any other look that failed may count there,
    and is repeated when a new one would be due.
    """
    wechat: WeChat | None = current_app.config["WECHAT"]
    if wechat is None:
        return Outcome()
    with transaction():
        is_due = is_sync_due(at=clock.real())
    if not is_due:
        return Outcome()
    try:
        found = wechat.templates()
    except WeChatError as error:
        if error.call is not Call.TEMPLATES or isinstance(error, NotReached):
            raise
        return _refused(error)
    with transaction():
        wrong = store_templates(found, at=clock.real())
        _tell(wrong)
    for sentence in wrong:
        log.error("%s", sentence)
    return Outcome(items=len(found), failures=len(wrong), notes=wrong)


def _tell(wrong: Sequence[str]) -> None:
    """Every system administrator, once a day while it is so: before anybody misses a message."""
    if wrong:
        at, kind = clock.now(), MessageKind.TEMPLATES_UNUSABLE
        tell_administrators(kind, f"templates:{at:%Y-%m-%d}", str(len(wrong)), at=at)


def _refused(error: WeChatError) -> Outcome:
    with transaction():
        put_off(error, at=clock.real())
    return Outcome(failures=1, notes=[f"{type(error).__name__} {error.errcode or ''}".rstrip()])
