"""消息推送: what the platform tells us of itself, from the request as sent to a small value.

Only the safe mode is taken, as the plain one does not sign the body. The library's own check takes
an old message as well as a new one and compares in no constant time, and its parser knows neither
JSON nor an event without a list; so only its cipher is used.
"""

import hmac
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.parsers.expat import ExpatError

from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from app.domain.errors import Forbidden
from services.gateways.wechat_push import Push, parsed, read

FRESH = timedelta(minutes=5)

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
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
            return read(self._opened(query, body, at=at), query["timestamp"])
        except UNREADABLE as fault:
            raise NotFromWeChat(type(fault).__name__) from None

    def _opened(self, query: Mapping[str, str], body: bytes, *, at: datetime) -> str:
        encrypted = parsed(body.decode())["Encrypt"]
        # Nothing inside would be signed by the signature over the query alone.
        if not isinstance(encrypted, str) or not encrypted:
            raise TypeError("no cipher")
        signature = query.get("msg_signature", "")
        self._check(query, signature, encrypted, at=at)
        crypto = WeChatCrypto(self.token, self.key, self.appid)
        envelope, signed = {"Encrypt": encrypted}, (query["timestamp"], query["nonce"])
        return crypto.decrypt_message(envelope, signature, *signed)

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
