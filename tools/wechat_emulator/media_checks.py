"""media_check_async: taken at once, judged later, told by a push that names the trace id."""

import re
import secrets

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.moderation import require_version_two
from tools.wechat_emulator.state import MediaRule, State, event

EVENT = "wxa_media_check"
SOUND, PICTURE = 1, 2
ADDRESS = re.compile(r"https?://\S{1,1000}")
UNREADABLE = -1008
TEXTS = {0: "ok", UNREADABLE: "download media failed"}


def media_check_async(state: State, call: Call) -> Json:
    """POST /wxa/media_check_async: the verdict by the rules for addresses, pass without one."""
    if not ADDRESS.fullmatch(call.text("media_url")):
        raise Refusal(40097, "invalid args: media_url")
    if call.content.get("media_type") not in {SOUND, PICTURE}:
        raise Refusal(40097, "invalid args: media_type")
    count(state, "media_check_async/minute", call.at, errcode=45009)
    count(state, "media_check_async/day", call.at)
    require_version_two(state, call)
    trace_id = secrets.token_hex(16)
    asked = {name: call.content[name] for name in ("openid", "media_url", "media_type", "scene")}
    state.media_checks.append({**asked, "trace_id": trace_id, "at": call.at})
    tell(state, result(state, call, trace_id))
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


def tell(state: State, message: Json) -> None:
    """Push it, unless results are held back by now."""
    (state.events if state.held_results is None else state.held_results).append(message)


def result(state: State, call: Call, trace_id: str) -> Json:
    """The event in which the verdict comes."""
    rule = rule_for(state, call.text("media_url"))
    found = {"suggest": rule.suggest, "label": rule.label}
    told: Json = {
        "appid": state.appid,
        "trace_id": trace_id,
        "version": 2,
        "errcode": rule.errcode,
        "errmsg": TEXTS.get(rule.errcode, "system error"),
    }
    if rule.errcode == 0:
        detail = {"strategy": "content_model", "errcode": 0, **found, "prob": 90}
        told |= {"result": found, "detail": [detail]}
    return event(state, EVENT, call.text("openid"), call.at, **told)


def rule_for(state: State, address: str) -> MediaRule:
    """The newest rule whose pattern occurs in the address."""
    for rule in reversed(state.media_rules):
        if re.search(rule.pattern, address):
            return rule
    return MediaRule(pattern="")
