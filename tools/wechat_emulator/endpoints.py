"""Every emulated call of the platform: its method, whether it takes a token, what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.wechat_emulator.answers import (
    JSON_TYPE,
    TEXT_TYPE,
    Answer,
    Json,
    Refusal,
    json_answer,
    refusal_answer,
)
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.links import generate_urllink, generatescheme
from tools.wechat_emulator.logins import checksession, getuserphonenumber, jscode2session
from tools.wechat_emulator.media_checks import media_check_async
from tools.wechat_emulator.moderation import msg_sec_check
from tools.wechat_emulator.program_codes import getwxacodeunlimit
from tools.wechat_emulator.sending import subscribe_send
from tools.wechat_emulator.state import State
from tools.wechat_emulator.templates import gettemplate
from tools.wechat_emulator.texting import PATH as TEXTS
from tools.wechat_emulator.texting import send_sms
from tools.wechat_emulator.tokens import require_token, stable_token, token
from tools.wechat_emulator.wecom import PATH as WECOM
from tools.wechat_emulator.wecom import gettoken, getuserinfo, message_send

SEND = "/cgi-bin/message/subscribe/send"
WRONG_METHOD = {"GET": (43001, "require GET method"), "POST": (43002, "require POST method")}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the platform."""

    method: str
    act: Callable[[State, Call], Json | Answer]
    needs_token: bool = True
    content_type: str = JSON_TYPE


ENDPOINTS = {
    "/cgi-bin/token": Endpoint("GET", token, needs_token=False),
    "/cgi-bin/stable_token": Endpoint("POST", stable_token, needs_token=False),
    "/sns/jscode2session": Endpoint(
        "GET", jscode2session, needs_token=False, content_type=TEXT_TYPE
    ),
    "/wxa/business/getuserphonenumber": Endpoint("POST", getuserphonenumber),
    "/wxa/checksession": Endpoint("GET", checksession),
    SEND: Endpoint("POST", subscribe_send),
    "/wxaapi/newtmpl/gettemplate": Endpoint("GET", gettemplate),
    "/wxa/msg_sec_check": Endpoint("POST", msg_sec_check),
    "/wxa/media_check_async": Endpoint("POST", media_check_async),
    "/wxa/getwxacodeunlimit": Endpoint("POST", getwxacodeunlimit),
    "/wxa/generate_urllink": Endpoint("POST", generate_urllink),
    "/wxa/generatescheme": Endpoint("POST", generatescheme),
    TEXTS: Endpoint("POST", send_sms, needs_token=False),
    f"{WECOM}cgi-bin/gettoken": Endpoint("GET", gettoken, needs_token=False),
    f"{WECOM}cgi-bin/message/send": Endpoint("POST", message_send, needs_token=False),
    f"{WECOM}cgi-bin/auth/getuserinfo": Endpoint("GET", getuserinfo, needs_token=False),
}


def act(state: State, endpoint: Endpoint, call: Call) -> Answer:
    """Do what the call asks for, or say why not."""
    try:
        require_method(call, endpoint.method)
        if endpoint.needs_token:
            require_token(state, call)
        told = endpoint.act(state, call)
        if isinstance(told, Answer):
            return told
        return json_answer(told, content_type=endpoint.content_type)
    except Refusal as refusal:
        return refusal_answer(refusal, call.at, endpoint.content_type)


def require_method(call: Call, method: str) -> None:
    """GET where it is GET, POST where it is POST."""
    if call.request.method != method:
        raise Refusal(*WRONG_METHOD[method])
