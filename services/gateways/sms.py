"""短信: one short message to one number, by a provider's template.

The shape is that of Tencent Cloud (SendSms 2021-01-11): JSON over POST, signed (TC3-HMAC-SHA256). A
lost answer cannot be asked for, so nothing is repeated here. No number, secret or address is in an
error or in the log.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from app import clock
from app.domain.errors import GatewayError
from app.domain.fallbacks import Letter, TextForm
from services.gateways.wechat_errors import CONNECT_FAIL, HTTP_4XX, HTTP_429
from services.gateways.wechat_transport import Patience, Unanswered, session_for

ACTION, VERSION, SERVICE = "SendSms", "2021-01-11", "sms"
ALGORITHM = "TC3-HMAC-SHA256"
JSON_TYPE = "application/json; charset=utf-8"
MAINLAND = "+86"
OK = "Ok"

VERDICTS: tuple[tuple[str, str], ...] = (
    ("AuthFailure", "alert"),
    ("UnauthorizedOperation", "alert"),
    ("UnsupportedOperation", "alert"),
    ("FailedOperation.InsufficientBalanceInSmsPackage", "alert"),
    ("FailedOperation.SignatureIncorrectOrUnapproved", "alert"),
    ("FailedOperation.TemplateIncorrectOrUnapproved", "alert"),
    ("FailedOperation.MissingTemplateToModify", "alert"),
    ("InvalidParameterValue.SdkAppIdNotExist", "alert"),
    ("InvalidParameterValue.TemplateParameter", "alert"),
    ("LimitExceeded.PhoneNumberThirtySecondLimit", "backoff"),
    ("LimitExceeded.PhoneNumber", "drop"),
    ("LimitExceeded", "backoff"),
    ("RequestLimitExceeded", "backoff"),
    ("InternalError", "unknown"),
    ("", "drop"),
)
"""What to do about a code of the provider, by how it begins; the first row that fits."""

FAULTS: Mapping[str, str] = {CONNECT_FAIL: "retry", HTTP_429: "backoff", HTTP_4XX: "alert"}
"""The same about no answer, by the fault of the transport; after any other one nobody knows."""

MEANINGS: Mapping[str, str] = {
    "alert": "短信服务的设置、签名、模板或余额有问题，请联系管理员。",
    "backoff": "短信发送太频繁，稍后再试。",
    "drop": "短信服务没有接受这条短信。",
    "retry": "连接不上短信服务，没有发送。",
    "unknown": "没有收到短信服务的完整回答，发出与否不明。",
}


class TextError(GatewayError):
    """短信没有发出，或不知是否发出。"""

    code = "text-not-sent"

    def __init__(self, action: str, provider_code: str | None = None) -> None:
        self.action, self.provider_code = action, provider_code
        super().__init__(MEANINGS[action], retryable=action in {"retry", "backoff"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAccount:
    """Our account with the provider. `templates`: the provider's id of each form."""

    api_base: str
    region: str
    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    app_id: str
    sign_name: str
    templates: Mapping[TextForm, str]


@dataclass(frozen=True, slots=True)
class TextReceipt:
    """The provider took the message: its id of it, and how many parts it charges for."""

    provider_id: str | None
    parts: int


class Texts:
    """One account's short messages. Made once a process, after it has forked; thread-safe."""

    def __init__(self, account: TextAccount, patience: Patience | None = None) -> None:
        self._account = account
        self._address = f"{account.api_base.rstrip('/')}/"
        self._http = session_for(self._address, patience or Patience())

    def has(self, form: TextForm) -> bool:
        """Whether the account has a template for `form`."""
        return form in self._account.templates

    def send(self, phone: str, letter: Letter) -> TextReceipt:
        """Send once to a mainland `phone`. Raises `TextError`."""
        answer = self._ask(self._written(phone, letter))
        if "Error" in answer:
            raise _refused(_mapping(answer.get("Error")))
        told = answer.get("SendStatusSet")
        status = _mapping(told[0] if isinstance(told, list) and told else None)
        if status.get("Code") != OK:
            raise _refused(status)
        fee = status.get("Fee")
        parts = fee if isinstance(fee, int) and 0 < fee < 100 else 1
        return TextReceipt(str(status.get("SerialNo") or "") or None, parts)

    def _written(self, phone: str, letter: Letter) -> bytes:
        told = {
            "PhoneNumberSet": [f"{MAINLAND}{phone}"],
            "SmsSdkAppId": self._account.app_id,
            "SignName": self._account.sign_name,
            "TemplateId": self._account.templates[letter.form],
            "TemplateParamSet": list(letter.places),
        }
        return json.dumps(told, ensure_ascii=False).encode()

    def _ask(self, letter: bytes) -> Mapping[str, Any]:
        headers = signed_headers(self._account, self._address, letter, at=clock.real())
        try:
            answer = self._http.post(self._address, data=letter, headers=headers)
        except Unanswered as silence:
            action = FAULTS.get(silence.fault, "unknown")
        except requests.RequestException:
            action = "retry"
        else:
            return _read(answer.content)
        # Raised out here, so that what the libraries say, with addresses, is no context of it.
        raise TextError(action)


def signed_headers(
    account: TextAccount, address: str, letter: bytes, *, at: datetime
) -> dict[str, str]:
    """The headers of a request, the signature among them. Source: the provider's method v3."""
    place = urlsplit(address)
    stamp, day = str(int(at.timestamp())), f"{at.astimezone(UTC):%Y-%m-%d}"
    canonical = (
        f"POST\n{place.path}\n\ncontent-type:{JSON_TYPE}\nhost:{place.netloc}\n"
        f"x-tc-action:{ACTION.lower()}\n\ncontent-type;host;x-tc-action\n{_digest(letter)}"
    )
    scope = f"{day}/{SERVICE}/tc3_request"
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{_digest(canonical.encode())}"
    key = f"TC3{account.secret_key}".encode()
    for part in (day, SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return {
        "Content-Type": JSON_TYPE,
        "X-TC-Action": ACTION,
        "X-TC-Version": VERSION,
        "X-TC-Region": account.region,
        "X-TC-Timestamp": stamp,
        "Authorization": f"{ALGORITHM} Credential={account.secret_id}/{scope},"
        f" SignedHeaders=content-type;host;x-tc-action, Signature={signature}",
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(body: bytes) -> Mapping[str, Any]:
    """What an answer says; anything but the provider's own form is no answer."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    return _mapping(answer.get("Response") if isinstance(answer, dict) else None)


def _mapping(told: object) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise TextError("unknown")
    return told


def _refused(told: Mapping[str, Any]) -> TextError:
    """The error behind a code; of what the provider says only the code is kept."""
    code = str(told.get("Code") or "")
    if not code:
        return TextError("unknown")
    action = next(action for start, action in VERDICTS if code.startswith(start))
    return TextError(action, code[:80])
