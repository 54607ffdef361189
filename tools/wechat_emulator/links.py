"""generate_urllink and generatescheme: addresses that open a page, for thirty days at most.

Both count together. What each opens is kept; the admin may look where one leads.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import WINDOWS, count
from tools.wechat_emulator.program_codes import PAGE, RELEASES
from tools.wechat_emulator.state import State

HOST, SCHEME = "https://wxaurl.cn/", "weixin://dl/business/?t="
TOKEN_BYTES = 8
QUERY = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]{0,1024}")
DAYS = range(1, 31)
DAY = WINDOWS["day"]
SHORTEST, LONGEST = 60, 30 * DAY
AT_A_TIME, AFTER_DAYS = 0, 1


def generate_urllink(state: State, call: Call) -> Json:
    """POST /wxa/generate_urllink: a web address."""
    return {"errcode": 0, "errmsg": "ok", "url_link": _made(state, call, call.content, HOST)}


def generatescheme(state: State, call: Call) -> Json:
    """POST /wxa/generatescheme: an address of the phone; what it opens is in `jump_wxa`."""
    opened = call.content.get("jump_wxa")
    if not isinstance(opened, dict):
        raise Refusal(47001, "data format error")
    return {"errcode": 0, "errmsg": "ok", "openlink": _made(state, call, opened, SCHEME)}


def _made(state: State, call: Call, opened: Mapping[str, Any], start: str) -> str:
    path, query = str(opened.get("path", "")).removeprefix("/"), str(opened.get("query", ""))
    release = opened.get("env_version", "release")
    is_there = not state.pages or path in state.pages or release != "release"
    if path and not (PAGE.fullmatch(path) and is_there):
        raise Refusal(40165, "invalid weapp pagepath")
    if not QUERY.fullmatch(query):
        raise Refusal(40212, "invalid query")
    if release not in RELEASES:
        raise Refusal(85402, "invalid env_version")
    expires_at = _expiry(call)
    count(state, "links/second", call.at, errcode=44990)
    count(state, "links/day", call.at, errcode=44993)
    link = start + secrets.token_urlsafe(TOKEN_BYTES)
    told = {"path": path, "query": query, "env_version": release, "expires_at": expires_at}
    state.links[link] = told
    return link


def _expiry(call: Call) -> float:
    """When it ends: at a time, or after so many days. Without either it would never, and is not."""
    kind = call.content.get("expire_type", AT_A_TIME)
    if kind == AFTER_DAYS:
        days = call.content.get("expire_interval")
        if isinstance(days, int) and days in DAYS:
            return call.at + days * DAY
    elif kind == AT_A_TIME:
        end = call.content.get("expire_time")
        if isinstance(end, int) and SHORTEST <= end - call.at <= LONGEST:
            return end
    raise Refusal(85401, "time limit between 1min and 30days")
