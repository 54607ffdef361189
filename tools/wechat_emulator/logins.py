"""Log-in and phone numbers: single-use codes of five minutes."""

import hashlib
import hmac
import secrets
from base64 import b64encode

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.state import Code, State, User
from tools.wechat_emulator.tokens import require_grant, require_secret

CODE_SECONDS = 300


def jscode2session(state: State, call: Call) -> Json:
    """GET /sns/jscode2session: who the person is, against the code of wx.login."""
    query = call.request.query
    require_secret(state, query.get("appid", ""), query.get("secret", ""))
    if not query.get("js_code"):
        raise Refusal(41008, "missing code")
    require_grant(query.get("grant_type", ""), "authorization_code")
    code = usable_code(state, query["js_code"], "login", call.at)
    if code.is_used:
        raise Refusal(40163, "code been used")
    count(state, "jscode2session/minute", call.at, code.openid)
    code.is_used = True
    user = state.users[code.openid]
    if user.is_risky:
        raise Refusal(40226, "code blocked")
    user.session_key = b64encode(secrets.token_bytes(16)).decode()
    answer = {"session_key": user.session_key, "openid": user.openid}
    return answer | ({"unionid": user.unionid} if user.unionid else {})


def getuserphonenumber(state: State, call: Call) -> Json:
    """POST /wxa/business/getuserphonenumber: the number behind the code of the phone button."""
    code = usable_code(state, call.text("code"), "phone", call.at)
    openid = call.text("openid")
    if code.is_used or openid not in {"", code.openid}:
        raise Refusal(40029, "invalid code")
    code.is_used = True
    country = state.users[code.openid].country_code
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": code.phone if country == "86" else f"+{country}{code.phone}",
            "purePhoneNumber": code.phone,
            "countryCode": country,
            "watermark": {"timestamp": int(call.at), "appid": code.appid},
        },
    }


def checksession(state: State, call: Call) -> Json:
    """GET /wxa/checksession: whether a session_key is still the person's."""
    query = call.request.query
    user = state.users.get(query.get("openid", ""))
    if user is None:
        raise Refusal(40003, "invalid openid")
    if query.get("sig_method") != "hmac_sha256":
        raise Refusal(40097, "invalid args")
    expected = hmac.new(user.session_key.encode(), b"", hashlib.sha256).hexdigest()
    is_valid = hmac.compare_digest(expected, query.get("signature", ""))
    if not (user.session_key and is_valid):
        raise Refusal(87009, "invalid signature")
    return {"errcode": 0, "errmsg": "ok"}


def usable_code(state: State, value: str, kind: str, at: float) -> Code:
    """A code of this kind and mini-program within its time, used or not."""
    code = state.codes.get(value)
    if not code or code.kind != kind or code.appid != state.appid or at >= code.expires_at:
        raise Refusal(40029, "invalid code")
    return code


def make_code(state: State, user: User, kind: str, at: float, phone: str = "") -> Code:
    """What the phone hands to the mini-program; codes long past are forgotten."""
    for kept in list(state.codes.values()):
        if at - kept.expires_at > CODE_SECONDS:
            del state.codes[kept.value]
    code = Code(
        value=secrets.token_hex(16 if kind == "login" else 32),
        kind=kind,
        openid=user.openid,
        appid=user.appid,
        expires_at=at + CODE_SECONDS,
        phone=phone,
    )
    state.codes[code.value] = code
    user.last_visit = at
    return code
