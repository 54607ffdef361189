"""msg_sec_check: a word list stands for the judgement of the platform."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.state import State

WORDS: Mapping[str, Mapping[str, int]] = json.loads(
    Path(__file__).with_name("words.json").read_text(encoding="utf-8")
)
NORMAL = 100
SCENES = {1, 2, 3, 4}
LONGEST = 2_500
VISIT_SECONDS = 7_200


def msg_sec_check(state: State, call: Call) -> Json:
    """POST /wxa/msg_sec_check: version 2 judges in its body, version 1 by errcode."""
    content = call.text("content")
    if not content:
        raise Refusal(44002, "empty post data")
    count(state, "msg_sec_check/minute", call.at, errcode=44991)
    count(state, "msg_sec_check/day", call.at)
    suggest, label, word = verdict(content)
    if call.content.get("version") is None:
        if suggest == "risky":
            raise Refusal(87014, "risky content")
        return {"errcode": 0, "errmsg": "ok"}
    if len(content) > LONGEST:
        raise Refusal(47001, "data format error")
    require_version_two(state, call)
    found = {"suggest": suggest, "label": label}
    return {
        "errcode": 0,
        "errmsg": "ok",
        "result": found,
        "detail": [
            {"strategy": "content_model", "errcode": 0, **found, "prob": 90},
            {"strategy": "keyword", "errcode": 0, **found} | ({"keyword": word} if word else {}),
        ],
        "trace_id": secrets.token_hex(16),
    }


def require_version_two(state: State, call: Call) -> None:
    """The checks that came with version 2; the person must have been here within two hours."""
    if call.content.get("version") not in {2, "2"}:
        raise Refusal(47001, "data format error")
    if call.content.get("scene") not in SCENES:
        raise Refusal(40129, "invalid scene")
    user = state.users.get(call.text("openid"))
    if user is None:
        raise Refusal(40003, "invalid openid")
    if user.appid != state.appid:
        raise Refusal(43104, "openid and appid do not match")
    if call.at - user.last_visit > VISIT_SECONDS:
        raise Refusal(61010, "code is expired")


def verdict(content: str) -> tuple[str, int, str]:
    """(suggest, label, word that decided)."""
    for suggest, words in WORDS.items():
        for word, label in words.items():
            if word in content:
                return suggest, label, word
    return "pass", NORMAL, ""
