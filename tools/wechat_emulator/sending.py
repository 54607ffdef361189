"""subscribe/send: its checks in the platform's order, then the message on the phone."""

import re
from datetime import datetime
from typing import Any

from app.clock import LOCAL_ZONE
from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.fields import require_fields
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.moderation import verdict
from tools.wechat_emulator.state import Message, State, Template, User, event
from tools.wechat_emulator.templates import LONG_TERM

PAGE = re.compile(r"(?P<path>[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)(?:\?[^\s#]*)?")
PROGRAM_STATES = {"developer", "trial", "formal"}
LANGUAGES = {"zh_CN", "en_US", "zh_HK", "zh_TW"}


def subscribe_send(state: State, call: Call) -> Json:
    """POST /cgi-bin/message/subscribe/send, after the check of the token."""
    count(state, "subscribe_send/day", call.at)
    given = read_fields(call)
    user = require_user(state, call)
    template = require_template(state, call)
    require_page(state, call.text("page"))
    values = require_fields(given, list(template.fields.values()), template.choices)
    require_clean(values)
    if template.is_banned:
        raise Refusal(43107, "subscribe message ability or template is banned")
    if call.is_crossed:
        raise Refusal(43108, "concurrent send to the same user")
    consume(state, user, template)
    msgid = state.next_msgid()
    deliver(state, call, compose(call, template, values, msgid))
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def read_fields(call: Call) -> dict[str, Any]:
    """`data` of the body, once the body's form and its two words are right."""
    fields = call.content.get("data")
    if not isinstance(fields, dict):
        raise Refusal(47001, "data format error")
    for name in ("touser", "template_id", "page"):
        call.text(name)
    if call.text("miniprogram_state", "formal") not in PROGRAM_STATES:
        raise Refusal(40097, "invalid args: miniprogram_state")
    if call.text("lang", "zh_CN") not in LANGUAGES:
        raise Refusal(40097, "invalid args: lang")
    return fields


def require_user(state: State, call: Call) -> User:
    """The person, who must be known to this very mini-program."""
    user = state.users.get(call.text("touser"))
    if user is None or user.appid != state.appid:
        raise Refusal(40003, "invalid openid")
    return user


def require_template(state: State, call: Call) -> Template:
    """A template of this account."""
    template = state.templates.get(call.text("template_id"))
    if template is None:
        raise Refusal(40037, "invalid template_id")
    return template


def require_page(state: State, page: str) -> None:
    """A page of the released version, written without a leading slash; none is allowed."""
    found = PAGE.fullmatch(page)
    if page and not (found and (not state.pages or found["path"] in state.pages)):
        raise Refusal(41030, "invalid page")


def require_clean(values: dict[str, str]) -> None:
    """No word that the platform forbids."""
    if any(verdict(text)[0] == "risky" for text in values.values()):
        raise Refusal(45168, "sensitive word in content")


def consume(state: State, user: User, template: Template) -> None:
    """Take one consent of a one-time template; a long-term consent stays."""
    pair = (user.openid, template.id)
    is_long_term = template.type == LONG_TERM
    has_consent = pair in state.long_term if is_long_term else state.remaining.get(pair, 0) > 0
    if not user.has_main_switch or pair in state.refused or not has_consent:
        raise Refusal(43101, "user refuse to accept the msg")
    if not is_long_term:
        state.remaining[pair] -= 1


def compose(call: Call, template: Template, values: dict[str, str], msgid: int) -> Message:
    """The message as the person will see it."""
    lines = [
        {"label": label, "key": key, "value": values[key]} for label, key in template.fields.items()
    ]
    shown = [template.title, *(f"{line['label']}：{line['value']}" for line in lines)]
    return {
        "id": 0,
        "msgid": msgid,
        "openid": call.text("touser"),
        "template_id": template.id,
        "title": template.title,
        "lines": lines,
        "text": "\n".join(shown),
        "page": call.text("page"),
        "miniprogram_state": call.text("miniprogram_state", "formal"),
        "lang": call.text("lang", "zh_CN"),
        "at": call.at,
        "time": datetime.fromtimestamp(call.at, LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
    }


def deliver(state: State, call: Call, message: Message) -> None:
    """Put it on the phone, and tell the mini-program's server; a fault may drop or double it."""
    copies = {"silent_drop": 0, "duplicate_delivery": 2}.get(call.twist, 1)
    for _ in range(copies):
        state.messages.append({**message, "id": state.next_message()})
    if not copies:
        state.vanished.append(message["msgid"])
    outcome = ("0", "success") if copies else ("-1", "system failed")
    sent = {
        "TemplateId": message["template_id"],
        "MsgID": str(message["msgid"]),
        "ErrorCode": outcome[0],
        "ErrorStatus": outcome[1],
    }
    openid = message["openid"]
    state.events.append(event(state, "subscribe_msg_sent_event", openid, call.at, List=sent))
