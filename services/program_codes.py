"""小程序码: the picture of a code, asked of the platform once and kept, sealed, while it is of use.

Handed out through links that last five minutes, as a mini-program shows a picture by its address.
"""

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db, end_transaction, transaction
from app.domain.errors import DomainError, GatewayError, NotFound, TooManyRequests
from app.domain.program_codes import Sign
from app.domain.retry import Circuit, Failure, rest_of_codes
from app.models.program_code import ProgramCode
from app.sealing import Unsealable, seal, unseal
from services.attachments import LinkInvalid
from services.gateways.file_store import FileMissing, FileStore
from services.gateways.wechat import CodePicture, WeChat
from services.gateways.wechat_errors import Busy, Call, Limited, NotReached, WeChatError
from services.notifications.circuits import Halt, open_circuit, shut_until
from services.visibility.holds import is_everything_held

log = logging.getLogger(__name__)

LINK_LIFETIME = timedelta(minutes=5)
RETRY_SECONDS = 5
REST_SECONDS = 60
FILE_COLUMN = "program_codes.file"
NEEDED = (Circuit.TOKEN, Circuit.CODES)


class CodesOff(GatewayError):
    """本系统没有开通小程序，没有小程序码。"""

    code = "program-codes-off"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class CodesUnusable(GatewayError):
    """小程序码不能生成，系统管理员须检查小程序的设置。"""

    code = "program-codes-unusable"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class CodesBusy(GatewayError):
    """微信暂时不能生成小程序码，请稍后再试。"""

    code = "program-codes-busy"

    def __init__(self, retry_after_seconds: int = RETRY_SECONDS) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(retryable=True)


class CodesLimited(TooManyRequests):
    """小程序码生成太频繁，请一分钟后再试。"""

    code = "program-codes-limited"

    def __init__(self) -> None:
        super().__init__(REST_SECONDS)


TOLD: Mapping[type[WeChatError], Callable[[], DomainError]] = {
    Limited: CodesLimited,
    Busy: CodesBusy,
    NotReached: CodesBusy,
}
"""What people are told; whatever has no row is ours to mend."""


@dataclass(frozen=True, slots=True)
class Link:
    """A right to a picture until `expires` (seconds since 1970)."""

    code_id: int
    expires: int
    signature: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a picture, and of which type they are."""

    media_type: str
    content: bytes


def obtain(
    wechat: WeChat | None, sign: Sign, files: FileStore, expires_at: datetime, *, at: datetime
) -> int:
    """The kept picture of `sign`, asked for if there is none; its id. `at` is real time.

    It is of use until `expires_at`. No transaction is open while the platform is asked: one that
    reading began ends here. Raises `CodesOff`, `CodesBusy`, `CodesLimited`, `CodesUnusable`.
    """
    if wechat is None:
        raise CodesOff
    digest = _digest(wechat, sign)
    kept = _kept(digest, files)
    if kept is not None:
        return kept
    _demand_closed(wechat.appid, at=at)
    end_transaction()
    return _keep(digest, _asked(wechat, sign, at=at), files, (at, expires_at))


def sign_link(code_id: int, link_key: bytes, *, at: datetime) -> Link:
    """A link to a picture that the caller was given at `at` (real time)."""
    expires = int((at + LINK_LIFETIME).timestamp())
    return Link(code_id, expires, _signature(code_id, expires, link_key))


def open_link(link: Link, link_key: bytes, files: FileStore, *, at: datetime) -> Picture:
    """The picture behind a link that is ours and still good at `at` (real time).

    Raises `LinkInvalid`, `NotFound`, `FileMissing`.
    """
    expected = _signature(link.code_id, link.expires, link_key)
    if not hmac.compare_digest(expected, link.signature) or at.timestamp() > link.expires:
        raise LinkInvalid
    row = db.session.execute(
        sa.select(ProgramCode.media_type, ProgramCode.storage_key).where(
            ProgramCode.id == link.code_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Picture(row.media_type, _opened(row.storage_key, files))


def expired_codes(*, at: datetime) -> list[int]:
    """Pictures that are of no use any more at `at` (real time)."""
    is_over = sa.and_(ProgramCode.expires_at <= at, sa.not_(is_everything_held()))
    return list(db.session.scalars(sa.select(ProgramCode.id).where(is_over)))


def discard_code(code_id: int, files: FileStore) -> bool:
    """Take a picture away, row and file; False when somebody else has."""
    discarding = sa.delete(ProgramCode).where(ProgramCode.id == code_id)
    key = db.session.scalar(discarding.returning(ProgramCode.storage_key))
    if key is None:
        return False
    files.remove(key)
    return True


def _kept(digest: bytes, files: FileStore) -> int | None:
    """The id of a kept picture that can still be opened; what cannot is taken away."""
    query = sa.select(ProgramCode.id, ProgramCode.storage_key).where(ProgramCode.digest == digest)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    try:
        _opened(row.storage_key, files)
    except (FileMissing, Unsealable):
        with transaction():
            discard_code(row.id, files)
        return None
    code_id: int = row.id
    return code_id


def _opened(key: str, files: FileStore) -> bytes:
    with files.open(key) as file:
        return base64.b64decode(unseal(file.read(), FILE_COLUMN))


def _demand_closed(appid: str, *, at: datetime) -> None:
    until = shut_until(appid, NEEDED, at=at)
    if until is not None:
        raise CodesBusy(ceil((until - at).total_seconds()))


def _asked(wechat: WeChat, sign: Sign, *, at: datetime) -> CodePicture:
    try:
        return wechat.picture(sign)
    except WeChatError as error:
        raise _refusal(wechat.appid, error, at=at) from None


def _refusal(appid: str, error: WeChatError, *, at: datetime) -> DomainError:
    """What the person is told about `error`; what is refused whoever asks is left alone."""
    failure = Failure(error.action, error.errcode, is_of_token=error.call is Call.CREDENTIAL)
    if rest := rest_of_codes(failure):
        circuit, delay = rest
        # To stand although the request fails.
        with transaction():
            halt = Halt(appid, circuit)
            open_circuit(halt, error.errcode, error.detail, until=at + delay, at=at)
    told = TOLD.get(type(error))
    if told is None:
        log.error("%s refused, code %s", error.call, error.errcode)
    return (told or CodesUnusable)()


def _keep(
    digest: bytes, picture: CodePicture, files: FileStore, life: tuple[datetime, datetime]
) -> int:
    """The id under which the picture is kept: of two who asked at once, that of the first."""
    key = files.put(seal(base64.b64encode(picture.content).decode(), FILE_COLUMN))
    row: dict[str, Any] = {"digest": digest, "media_type": picture.media_type, "storage_key": key}
    row |= {"size": len(picture.content), "made_at": life[0], "expires_at": life[1]}
    keeping = insert(ProgramCode).values(row).on_conflict_do_nothing(index_elements=["digest"])
    try:
        code_id = db.session.scalar(keeping.returning(ProgramCode.id))
    except BaseException:
        files.remove(key)
        raise
    if code_id is None:
        files.remove(key)
        code_id = db.session.scalar(sa.select(ProgramCode.id).where(ProgramCode.digest == digest))
    if code_id is None:
        raise CodesBusy
    return code_id


def _digest(wechat: WeChat, sign: Sign) -> bytes:
    parts = (wechat.appid, wechat.env_version, sign.page, sign.scene)
    return hashlib.sha256("\n".join(parts).encode()).digest()


def _signature(code_id: int, expires: int, link_key: bytes) -> str:
    message = f"program_code:{code_id}:{expires}".encode()
    return hmac.new(link_key, message, hashlib.sha256).hexdigest()
