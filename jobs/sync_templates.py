"""核对模板: what each mini-program's account has, against what we send. At once, then hourly."""

import logging
from collections.abc import Sequence

from flask import current_app

from app import clock
from app.db import transaction
from app.domain.message_kinds import MessageKind
from jobs.runner import Outcome
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import Call, NotReached, WeChatError
from services.gateways.wechat_programs import Programs
from services.notifications.alarms import tell_administrators
from services.notifications.programs import list_programs
from services.notifications.templates import is_sync_due, put_off, store_templates

log = logging.getLogger(__name__)


def sync_templates() -> Outcome:
    """Ask the platform for each mini-program, with no transaction open, and store what it has.

    What never came to ask is repeated at the next slot. Any other look that failed may count there,
    and is repeated when a new one would be due. No mini-program waits for another one's account.
    """
    programs: Programs | None = current_app.config["WECHAT"]
    with transaction():
        list_programs(programs)
    whole, unasked = Outcome(), None
    for wechat in programs or ():
        try:
            whole.add(_sync(wechat))
        except WeChatError as error:
            unasked = error
    if unasked is not None:
        raise unasked
    return whole


def _sync(wechat: WeChat) -> Outcome:
    with transaction():
        is_due = is_sync_due(wechat.appid, at=clock.real())
    if not is_due:
        return Outcome()
    try:
        found = wechat.templates()
    except WeChatError as error:
        if error.call is not Call.TEMPLATES or isinstance(error, NotReached):
            raise
        return _refused(wechat.appid, error)
    with transaction():
        wrong = store_templates(wechat.appid, found, at=clock.real())
        _tell(wechat.appid, wrong)
    for sentence in wrong:
        log.error("%s", sentence)
    return Outcome(items=len(found), failures=len(wrong), notes=wrong)


def _tell(appid: str, wrong: Sequence[str]) -> None:
    """Every system administrator, once a day while it is so: before anybody misses a message."""
    if wrong:
        at, kind = clock.now(), MessageKind.TEMPLATES_UNUSABLE
        about = f"小程序 {appid} 有 {len(wrong)}"
        tell_administrators(kind, f"templates:{appid}:{at:%Y-%m-%d}", about, at=at)


def _refused(appid: str, error: WeChatError) -> Outcome:
    with transaction():
        put_off(appid, error, at=clock.real())
    note = f"{appid} {type(error).__name__} {error.errcode or ''}".rstrip()
    return Outcome(failures=1, notes=[note])
