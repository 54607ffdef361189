"""What the platform may answer, as a small tree; which code is which stands in the table beside it.

`wechat_errors.json` is the platform's own list for the calls that are made here: one row a call and
code. None of these errors ever quotes an address, a secret, a token, an openid or a phone number.
"""

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, NamedTuple

from app.domain.errors import GatewayError

CONNECT_FAIL = "CONNECT_FAIL"
LOST = "TIMEOUT_OR_RESET_AFTER_SEND"
HTTP_5XX, HTTP_4XX, HTTP_429 = "HTTP_5xx", "HTTP_4xx", "HTTP_429"
BAD_BODY = "BAD_BODY"


class Call(StrEnum):
    """The calls that are made, as the table names them."""

    CREDENTIAL = "token/stable_token"
    SESSION = "jscode2session"
    PHONE = "getuserphonenumber"
    SEND = "subscribe/send"
    TEMPLATES = "newtmpl/*"
    CODE_PICTURE = "getwxacodeunlimit"
    LINK = "generate_urllink/generatescheme"
    CHECK_TEXT = "msg_sec_check"
    CHECK_FILE = "media_check_async"


ANY_WITH_TOKEN, TRANSPORT = "any access_token call", "transport"
WITHOUT_TOKEN = frozenset({Call.CREDENTIAL, Call.SESSION})
ONCE_ONLY = frozenset({Call.SESSION, Call.PHONE, Call.SEND})
"""Calls that use something up: repeating one whose answer was lost may do it twice."""

MAY_HAVE_ACTED = frozenset({LOST, HTTP_5XX, BAD_BODY})
FIELD_AT_FAULT = 47003
SECRET_UNKNOWN = 40125
_FIELD = re.compile(r"\bdata\.([a-z_]{1,20}[0-9]{1,3})\b")


class WeChatError(GatewayError):
    """微信接口暂时不可用，请稍后再试。"""

    code = "wechat"
    action: ClassVar[str]
    is_retryable: ClassVar[bool] = False

    def __init__(
        self, call: Call, errcode: int | None = None, detail: str | None = None, field: str = ""
    ) -> None:
        self.call, self.errcode, self.field = call, errcode, field
        super().__init__(detail, retryable=self.is_retryable)


class Misconfigured(WeChatError):
    """微信接口的设置或权限有问题，请联系管理员。"""

    code, action = "wechat-misconfigured", "alert"


class Rejected(WeChatError):
    """微信没有接受这个请求。"""

    code, action = "wechat-rejected", "drop"


class Busy(WeChatError):
    """微信系统繁忙，请稍后再试。"""

    code, action, is_retryable = "wechat-busy", "retry", True


class Limited(WeChatError):
    """微信接口的次数已用完或调用太频繁，请稍后再试。"""

    code, action, is_retryable = "wechat-limited", "backoff", True


class TokenRefused(WeChatError):
    """微信不认接口凭据，换新之后仍然不认，请联系管理员。"""

    code, action = "wechat-token-refused", "refresh_token"


class Unsubscribed(WeChatError):
    """用户没有订阅，或订阅已用完。"""

    code, action = "wechat-unsubscribed", "pause_user"


class NotReached(WeChatError):
    """连接不上微信，请求没有发出。"""

    code, action, is_retryable = "wechat-not-reached", "retry", True


class OutcomeUnknown(WeChatError):
    """没有收到微信的完整回答，办成与否不明。"""

    code, action = "wechat-outcome-unknown", "unknown"


KIND_OF_ACTION = {
    kind.action: kind
    for kind in (Misconfigured, Rejected, Busy, Limited, TokenRefused, Unsubscribed)
}


class Row(NamedTuple):
    """What one code means, in a sentence for people, and what to do about it."""

    kind: type[WeChatError]
    meaning: str | None


UNKNOWN_CODE = Row(Rejected, None)
"""Not repeated, so nothing is used up in the dark, and no other call is held up by it."""


def _read_table() -> dict[tuple[str, int | str], Row]:
    text = Path(__file__).with_suffix(".json").read_text("utf-8")
    return {
        (row["call"], row["code"]): Row(KIND_OF_ACTION[row["action"]], row["meaning"])
        for row in json.loads(text)
    }


TABLE = _read_table()


def verdict(call: Call, errcode: int, errmsg: str) -> WeChatError:
    """The error that an answer with `errcode` is: the call's own row, else that of any call.

    Of `errmsg`, which may quote anything, only the name of a template's field is kept (47003).
    """
    row = TABLE.get((call, errcode)) or TABLE.get((ANY_WITH_TOKEN, errcode), UNKNOWN_CODE)
    if row.kind is TokenRefused and call in WITHOUT_TOKEN:
        row = Row(Misconfigured, row.meaning)
    named = _FIELD.search(errmsg) if errcode == FIELD_AT_FAULT else None
    return row.kind(call, errcode, row.meaning, named[1] if named else "")


def unanswered(call: Call, fault: str) -> WeChatError:
    """The error that a call without a usable answer is; `fault` is a code of the transport.

    What may have been done is only then a reason to try again when doing it twice does no harm.
    """
    row = TABLE[TRANSPORT, fault]
    if fault == CONNECT_FAIL:
        return NotReached(call, detail=row.meaning)
    if fault in MAY_HAVE_ACTED and call in ONCE_ONLY:
        return OutcomeUnknown(call, detail=row.meaning)
    return row.kind(call, detail=row.meaning)
