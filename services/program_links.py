"""小程序链接: an address for whoever is outside WeChat, made once and kept while it lasts.

`at` is real time, as links end by the platform's clock.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db, end_transaction, transaction
from app.domain.errors import DomainError, GatewayError, TooManyRequests
from app.domain.program_links import SHORTEST, LinkForm, Target, link_expiry
from app.domain.retry import Circuit, Failure, rest_of_links
from app.models.program_link import ProgramLink
from app.sealing import Unsealable, seal, unseal
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import Busy, Call, Limited, NotReached, WeChatError
from services.notifications.circuits import Halt, open_circuit, shut_until

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
REST_SECONDS = 60
COLUMN = "program_links.link"
NEEDED = (Circuit.TOKEN, Circuit.LINKS)


class LinksOff(GatewayError):
    """本系统没有开通小程序，没有小程序链接。"""

    code = "program-links-off"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class LinksUnusable(GatewayError):
    """小程序链接不能生成，系统管理员须检查小程序的设置。"""

    code = "program-links-unusable"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class LinksBusy(GatewayError):
    """微信暂时不能生成小程序链接，请稍后再试。"""

    code = "program-links-busy"

    def __init__(self, retry_after_seconds: int = RETRY_SECONDS) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(retryable=True)


class LinksLimited(TooManyRequests):
    """小程序链接生成太频繁，或今天的次数已用完，请稍后再试。"""

    code = "program-links-limited"

    def __init__(self) -> None:
        super().__init__(REST_SECONDS)


TOLD: Mapping[type[WeChatError], Callable[[], DomainError]] = {
    Limited: LinksLimited,
    Busy: LinksBusy,
    NotReached: LinksBusy,
}
"""What people are told; whatever has no row is ours to mend."""


def obtain_link(
    wechat: WeChat | None, target: Target, form: LinkForm, wanted: datetime, *, at: datetime
) -> tuple[str, datetime]:
    """The kept link to `target`, made if there is none, and when it ends: by `wanted`, if it can.

    No transaction is open while the platform is asked: one that reading began ends here. Raises
    `LinksOff`, `LinksBusy`, `LinksLimited`, `LinksUnusable`.
    """
    if wechat is None:
        raise LinksOff
    if kept := kept_link(wechat, target, form, at=at):
        return kept
    expires_at = link_expiry(wanted, at=at)
    if expires_at is None:
        raise LinksUnusable
    _demand_closed(wechat.appid, at=at)
    end_transaction()
    return _keep(
        {"digest": _digest(wechat, target, form), "form": form, "made_at": at},
        _asked(wechat, target, form, expires_at, at=at),
        expires_at,
    )


def kept_link(
    wechat: WeChat, target: Target, form: LinkForm, *, at: datetime
) -> tuple[str, datetime] | None:
    """The link that is there already, and when it ends; None where none lasts long enough."""
    query = sa.select(ProgramLink.link, ProgramLink.expires_at).where(
        ProgramLink.digest == _digest(wechat, target, form),
        ProgramLink.expires_at > at + SHORTEST,
    )
    row = db.session.execute(query).one_or_none()
    try:
        return (unseal(row.link, COLUMN), row.expires_at) if row else None
    except Unsealable:
        return None


def _demand_closed(appid: str, *, at: datetime) -> None:
    """Raises `LinksBusy` while the platform is left alone."""
    until = shut_until(appid, NEEDED, at=at)
    if until is not None:
        raise LinksBusy(ceil((until - at).total_seconds()))


def _asked(
    wechat: WeChat, target: Target, form: LinkForm, expires_at: datetime, *, at: datetime
) -> str:
    try:
        return wechat.link(target, form, expires_at)
    except WeChatError as error:
        raise _refusal(wechat.appid, error, at=at) from None


def _refusal(appid: str, error: WeChatError, *, at: datetime) -> DomainError:
    """What the person is told about `error`; what is refused whoever asks is left alone."""
    failure = Failure(error.action, error.errcode, is_of_token=error.call is Call.CREDENTIAL)
    if rest := rest_of_links(failure, at=at):
        circuit, delay = rest
        # To stand although the request fails.
        with transaction():
            halt = Halt(appid, circuit)
            open_circuit(halt, error.errcode, error.detail, until=at + delay, at=at)
    told = TOLD.get(type(error))
    if told is None:
        log.error("%s refused, code %s", error.call, error.errcode)
    return (told or LinksUnusable)()


def _keep(row: dict[str, Any], link: str, expires_at: datetime) -> tuple[str, datetime]:
    """What is kept in the place of one that ends sooner; of two who asked at once, the later."""
    row |= {"link": seal(link, COLUMN), "expires_at": expires_at}
    keeping = insert(ProgramLink).values(row)
    new = {name: keeping.excluded[name] for name in ("link", "made_at", "expires_at")}
    keeping = keeping.on_conflict_do_update(index_elements=["digest"], set_=new)
    db.session.execute(keeping)
    return link, expires_at


def _digest(wechat: WeChat, target: Target, form: LinkForm) -> bytes:
    parts = (wechat.appid, wechat.env_version, form, target.page, target.query)
    return hashlib.sha256("\n".join(parts).encode()).digest()
