"""消息推送: what the platform tells us of itself, from the request as sent to a small value.

Only the safe mode is taken, as the plain one does not sign the body. The library's own check takes
an old message as well as a new one and compares in no constant time, and its parser knows neither
JSON nor an event without a list; so only its cipher is used.
"""

import hmac
import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from app.domain.errors import Forbidden

FRESH = timedelta(minutes=5)
SENT = "subscribe_msg_sent_event"
SWITCHED = "subscribe_msg_change_event"
DELIVERED, REFUSED = "0", "reject"

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SECONDS = re.compile(r"[0-9]{1,10}")
_WORD = re.compile(r"[!-~]{1,256}")

UNREADABLE = (
    ExpatError,
    WeChatException,
    ValueError,
    TypeError,
    LookupError,
    RecursionError,
    struct.error,
)
"""What a text or a cipher that is none makes the libraries raise."""


class NotFromWeChat(Forbidden):
    """这不是微信发来的消息，或者消息已过时。"""

    code = "not-from-wechat"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of one message that the platform had taken; `provider_id` is its msgid."""

    template_id: str
    provider_id: str
    is_delivered: bool


@dataclass(frozen=True, slots=True)
class Push:
    """One event about one user; `sends` are the reports in a sent event.

    `created_at` is the platform's time of it, None when it says none. `refused` are the templates
    that the user switched off in the settings.
    """

    event: str
    openid: str = field(repr=False)
    sends: tuple[SendReport, ...] = ()
    created_at: datetime | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """The mini-program's side of the agreement: its appid, the token and the EncodingAESKey."""

    appid: str
    token: str = field(repr=False)
    key: str = field(repr=False)

    def check_address(self, query: Mapping[str, str], *, at: datetime) -> str:
        """The echostr by which the platform sees that the address is ours. `at` is real time.

        Raises `NotFromWeChat`.
        """
        self._check(query, query.get("signature", ""), at=at)
        echo = query.get("echostr", "")
        if not _WORD.fullmatch(echo):
            raise NotFromWeChat("echostr")
        return echo

    def open(self, query: Mapping[str, str], body: bytes, *, at: datetime) -> Push:
        """The push in an envelope of JSON or XML. `at` is real time. Raises `NotFromWeChat`."""
        if query.get("encrypt_type") != "aes":
            raise NotFromWeChat("plain mode")
        try:
            message = self._opened(query, body, at=at)
        except UNREADABLE as fault:
            raise NotFromWeChat(type(fault).__name__) from None
        return _push(message)

    def _opened(self, query: Mapping[str, str], body: bytes, *, at: datetime) -> dict[str, Any]:
        encrypted = _parsed(body.decode())["Encrypt"]
        # Nothing inside would be signed by the signature over the query alone.
        if not isinstance(encrypted, str) or not encrypted:
            raise TypeError("no cipher")
        signature = query.get("msg_signature", "")
        self._check(query, signature, encrypted, at=at)
        crypto = WeChatCrypto(self.token, self.key, self.appid)
        return _parsed(
            crypto.decrypt_message(
                {"Encrypt": encrypted}, signature, query["timestamp"], query["nonce"]
            )
        )

    def _check(self, query: Mapping[str, str], signature: str, *signed: str, at: datetime) -> None:
        """That whoever knows our token has signed it just now."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise NotFromWeChat("timestamp")
        if abs(at.timestamp() - int(timestamp)) > FRESH.total_seconds():
            raise NotFromWeChat("not fresh")
        signer = WeChatSigner()
        signer.add_data(self.token, timestamp, nonce, *signed)
        if not hmac.compare_digest(signer.signature.encode(), signature.encode()):
            raise NotFromWeChat("signature")


def _parsed(text: str) -> dict[str, Any]:
    found = xmltodict.parse(text)["xml"] if text.lstrip().startswith("<") else json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _push(message: Mapping[str, Any]) -> Push:
    event = _word(message.get("Event")) or _word(message.get("MsgType"))
    openid = _word(message.get("FromUserName"))
    return Push(
        event,
        openid,
        sends=tuple(_sends(message)) if event == SENT and openid else (),
        created_at=_instant(_word(message.get("CreateTime"))),
        refused=tuple(_refused(message)) if event == SWITCHED and openid else (),
    )


def _instant(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if _SECONDS.fullmatch(seconds) else None


def _sends(message: Mapping[str, Any]) -> Iterator[SendReport]:
    names = ("TemplateId", "MsgID", "ErrorCode")
    for template_id, provider_id, code in _listed(message, "SubscribeMsgSentEvent", names):
        if template_id and provider_id and code:
            yield SendReport(template_id, provider_id, code == DELIVERED)


def _refused(message: Mapping[str, Any]) -> Iterator[str]:
    """What was switched off; of what was switched on the platform says nothing."""
    names = ("TemplateId", "SubscribeStatusString")
    for template_id, status in _listed(message, "SubscribeMsgChangeEvent", names):
        if template_id and status == REFUSED:
            yield template_id


def _listed(
    message: Mapping[str, Any], nest: str, names: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The words under `names` of each entry of an event's list; "" for a word that is none.

    JSON has the list at the top, XML one level down in `nest`; one entry is no list.
    """
    inner = message.get(nest)
    found = (inner if isinstance(inner, dict) else message).get("List")
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, dict):
            yield tuple(_word(entry.get(name)) for name in names)


def _word(value: object) -> str:
    """An identifier or a number as text; "" for what is neither."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _WORD.fullmatch(text) else ""
