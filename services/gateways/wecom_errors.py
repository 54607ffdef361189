"""What WeCom may answer; which code is which stands in the table beside it.

`wecom_errors.json` has one row a call and code, from the platform's list of global return codes.
None of these errors ever quotes an address, a secret, a token, a code or a userid.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from app.domain.errors import GatewayError
from services.gateways.wechat_errors import CONNECT_FAIL, HTTP_4XX, HTTP_429


class WeComCall(StrEnum):
    """The calls that are made, as the table names them."""

    TOKEN = "gettoken"  # noqa: S105 - the name of a call
    SEND = "message/send"
    IDENTITY = "auth/getuserinfo"


ANY = "any"
REFRESH = "refresh_token"
RETRYABLE = frozenset({"retry", "backoff"})

FAULTS: Mapping[str, str] = {CONNECT_FAIL: "retry", HTTP_429: "backoff", HTTP_4XX: "alert"}
"""What to do after no answer, by the fault of the transport; after any other one nobody knows."""

MEANINGS: Mapping[str, str] = {
    "alert": "企业微信应用的设置或权限有问题，请联系管理员。",
    "backoff": "企业微信接口调用太频繁，稍后再试。",
    "drop": "企业微信没有接受这个请求。",
    "retry": "连接不上企业微信，请求没有发出。",
    REFRESH: "企业微信不认接口凭据，换新之后仍然不认，请联系管理员。",
    "unreachable": "企业微信中没有接收人，或不在应用的可见范围内。",
    "unknown": "没有收到企业微信的完整回答，办成与否不明。",
}


class WeComError(GatewayError):
    """企业微信接口暂时不可用，请稍后再试。"""

    code = "wecom"

    def __init__(
        self,
        call: WeComCall,
        action: str,
        errcode: int | None = None,
        meaning: str | None = None,
    ) -> None:
        self.call, self.action, self.errcode = call, action, errcode
        super().__init__(meaning or MEANINGS[action], retryable=action in RETRYABLE)


class WeComTokenRefused(WeComError):
    """企业微信不认接口凭据。"""

    code = "wecom-token-refused"


def _read_table() -> dict[tuple[str, int], tuple[str, str]]:
    text = Path(__file__).with_suffix(".json").read_text("utf-8")
    return {(row["call"], row["code"]): (row["action"], row["meaning"]) for row in json.loads(text)}


TABLE = _read_table()


def refused(call: WeComCall, errcode: int) -> WeComError:
    """The error that an answer with `errcode` is: the call's own row, else that of any call.

    A code without a row is not repeated, and holds up nobody else.
    """
    row = TABLE.get((call, errcode)) or TABLE.get((ANY, errcode))
    action, meaning = row or ("drop", MEANINGS["drop"])
    if action != REFRESH:
        return WeComError(call, action, errcode, meaning)
    if call is WeComCall.TOKEN:
        return WeComError(call, "alert", errcode, meaning)
    return WeComTokenRefused(call, action, errcode)


def silent(call: WeComCall, fault: str) -> WeComError:
    """The error that a call without a usable answer is; a token may be asked for again."""
    action = FAULTS.get(fault, "unknown")
    return WeComError(call, "retry" if call is WeComCall.TOKEN and action == "unknown" else action)
