"""SendSms of a provider of short messages, beside the platform: it checks the signature itself.

Its account is known by the mini-program's own AppID and AppSecret.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime

from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.state import State

PATH = "/sms/"
APP_ID, SIGN_NAME = "1400000001", "企业管家"
TEMPLATES = {"supplement": "1001", "result": "1002", "overdue": "1003", "todo": "1004"}
TEMPLATES["rating"] = "1005"
PLACES = {"1005": 2}
"""Templates with more places than the one for a number."""

LATEST = 300
LONGEST_PARAMETER = 20
SIGNED = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<day>[0-9-]+)/sms/tc3_request,"
    r" ?SignedHeaders=content-type;host;x-tc-action, ?Signature=(?P<signature>[0-9a-f]{64})"
)
MOBILE = re.compile(r"\+861[3-9][0-9]{9}")


def send_sms(state: State, call: Call) -> Json:
    """POST SendSms: one number, a template with what fills its places."""
    if code := _not_ours(state, call) or _not_right(call):
        return {"Response": {"Error": {"Code": code, "Message": code}, "RequestId": "emulated"}}
    return {"Response": {"SendStatusSet": [_deliver(state, call)], "RequestId": "emulated"}}


def _not_ours(state: State, call: Call) -> str:
    """Why whoever signed is not our customer; "" when that is so."""
    headers = {name.lower(): text for name, text in call.request.headers.items()}
    found = SIGNED.fullmatch(headers.get("authorization", ""))
    if found is None or found["id"] != state.appid:
        return "AuthFailure.SecretIdNotFound"
    stamp = headers.get("x-tc-timestamp", "")
    if not stamp.isdecimal() or abs(int(stamp) - call.at) > LATEST:
        return "AuthFailure.SignatureExpire"
    day = f"{datetime.fromtimestamp(int(stamp), UTC):%Y-%m-%d}"
    typed, host = f"content-type:{headers.get('content-type')}", f"host:{headers.get('host')}"
    lines = ("POST", call.request.path, "", typed, host, "x-tc-action:sendsms", "")
    canonical = "\n".join((*lines, "content-type;host;x-tc-action", _sha(call.request.body)))
    scope = f"{day}/sms/tc3_request"
    told = "\n".join(("TC3-HMAC-SHA256", stamp, scope, _sha(canonical.encode())))
    key = f"TC3{state.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    is_right = hmac.compare_digest(hmac.digest(key, told.encode(), "sha256").hex(), found[3])
    return "" if is_right and found["day"] == day else "AuthFailure.SignatureFailure"


def _not_right(call: Call) -> str:
    content = call.content
    if content.get("SmsSdkAppId") != APP_ID:
        return "InvalidParameterValue.SdkAppIdNotExist"
    if content.get("SignName") != SIGN_NAME:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    if content.get("TemplateId") not in TEMPLATES.values():
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    given, places = content.get("TemplateParamSet"), PLACES.get(content["TemplateId"], 1)
    if isinstance(given, list) and len(given) == places and all(map(_fits, given)):
        return ""
    return "InvalidParameterValue.TemplateParameterFormatError"


def _fits(given: object) -> bool:
    return isinstance(given, str) and 0 < len(given) <= LONGEST_PARAMETER


def _deliver(state: State, call: Call) -> Json:
    """Put it on the phone, unless the number or the admin says otherwise."""
    [number] = call.content.get("PhoneNumberSet") or [""]
    code = state.text_refusals.get(number.removeprefix("+86"), "")
    if not MOBILE.fullmatch(number):
        code = "InvalidParameterValue.IncorrectPhoneNumber"
    serial = "" if code else f"2640:{state.next_msgid()}"
    if not code:
        form = next(it for it, id_ in TEMPLATES.items() if id_ == call.content["TemplateId"])
        told, *links = call.content["TemplateParamSet"]
        text = {"phone": number.removeprefix("+86"), "form": form, "number": told, "at": call.at}
        state.texts.append(text | ({"link": links[0]} if links else {}))
    return {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 0 if code else 1,
        "Code": code or "Ok",
        "Message": code or "send success",
    }


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
