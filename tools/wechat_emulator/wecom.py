"""企业微信 under /qy: the token, application messages, and who an OAuth code stands for.

Its application is known by a corporation and number of its own and the mini-program's AppSecret.
Source: the platform's pages on gettoken, message/send, auth/getuserinfo and its return codes.
"""

import hashlib
import hmac
from typing import Any

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.logins import usable_code
from tools.wechat_emulator.state import State
from tools.wechat_emulator.tokens import WECOM, fault, issue, pool, spoken

PATH = "/qy/"
CORP_ID, AGENT_ID = "ww0123456789abcdef", 1_000_002
MOST_MEMBERS = 1_000
TEXT_BYTES, TITLE_BYTES, DESCRIPTION_BYTES, URL_BYTES = 2_048, 128, 512, 2_048
INTERVAL, LONGEST_INTERVAL = 1_800, 14_400
EXPIRED = 42001


def gettoken(state: State, call: Call) -> Json:
    """GET gettoken: the same token as long as it lives."""
    query = call.request.query
    if query.get("corpid") != CORP_ID:
        raise Refusal(40013, "invalid corpid")
    if not hmac.compare_digest(query.get("corpsecret", "").encode(), state.secret.encode()):
        raise Refusal(40001, "invalid credential")
    living = [kept for kept in pool(state, WECOM) if fault(kept, call.at) is None]
    latest = living[-1] if living else issue(state, WECOM, call.at)
    return {"errcode": 0, "errmsg": "ok", **spoken(latest, call.at)}


def getuserinfo(state: State, call: Call) -> Json:
    """GET auth/getuserinfo: a member's userid, or an openid for whoever is none; codes are used up.

    A code that was used is like one that never was.
    """
    require_own_token(state, call)
    code = usable_code(state, call.request.query.get("code", ""), "wecom", call.at)
    if code.is_used:
        raise Refusal(40029, "invalid code")
    code.is_used = True
    if code.openid not in state.members:
        return {"errcode": 0, "errmsg": "ok", "openid": f"o{code.openid}"}
    return {"errcode": 0, "errmsg": "ok", "userid": code.openid, "user_ticket": ""}


def message_send(state: State, call: Call) -> Json:
    """POST message/send to members by userid: text or textcard."""
    require_own_token(state, call)
    require_agent(call.content)
    shown = read_letter(call.content)
    userids = call.text("touser").lower().split("|")
    if not userids[0] or len(userids) > MOST_MEMBERS:
        raise Refusal(40031, "invalid userid list")
    standings = {userid: standing_of(state, userid) for userid in userids}
    if set(standings.values()) == {"invalid"}:
        raise Refusal(81013, "user & party & tag all invalid")
    count(state, "wecom_send/day", call.at)
    answer = {"errcode": 0, "errmsg": "ok"} | named(standings)
    if known := known_before(state, call):
        return answer | {"msgid": known}
    msgid = f"letter-{state.next_msgid()}"
    mark(state, call, msgid)
    for userid in [each for each, standing in standings.items() if not standing]:
        deliver(state, call, {"userid": userid, "msgid": msgid, **shown})
    return answer | {"msgid": msgid}


def require_own_token(state: State, call: Call) -> None:
    """The token in the query, which must be this application's."""
    value = call.request.query.get("access_token", "")
    if not value:
        raise Refusal(41001, "access_token missing")
    kept = state.tokens.get(value)
    refusal = fault(kept, call.at) if kept and kept.pool == WECOM else None
    if kept is None or kept.pool != WECOM or (refusal and refusal.errcode != EXPIRED):
        raise Refusal(40014, "invalid access_token")
    if refusal:
        raise refusal


def require_agent(content: Json) -> None:
    """The number of the application that the token is of."""
    agent = content.get("agentid")
    if agent is None:
        raise Refusal(41011, "missing agentid")
    if agent != AGENT_ID:
        raise Refusal(301002, "not allow operate another agent with this accesstoken")


def read_letter(content: Json) -> Json:
    """What the member will see; what is too long is cut, as there."""
    kind = content.get("msgtype")
    body = content.get(str(kind))
    if kind not in {"text", "textcard"}:
        raise Refusal(40008, "invalid message type")
    if not isinstance(body, dict):
        raise Refusal(44004, "empty content")
    if kind == "text":
        text = given(body, "content", 44004)
        return {"msgtype": kind, "title": "", "text": cut(text, TEXT_BYTES), "url": ""}
    url = given(body, "url", 41010)
    if not url.startswith(("http://", "https://")) or len(url.encode()) > URL_BYTES:
        raise Refusal(40039, "invalid url size")
    title = cut(given(body, "title", 41016), TITLE_BYTES)
    description = cut(given(body, "description", 40035), DESCRIPTION_BYTES)
    return {"msgtype": kind, "title": title, "text": description, "url": url}


def given(body: Json, name: str, errcode: int) -> str:
    """A text that must be there."""
    value: Any = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(errcode, f"missing {name}")
    return value


def cut(text: str, most: int) -> str:
    """Not more bytes than that, in whole characters."""
    return text.encode()[:most].decode(errors="ignore")


def standing_of(state: State, userid: str) -> str:
    """How the application stands to a member; who is none is invalid."""
    member = state.members.get(userid)
    return member.standing if member else "invalid"


def named(standings: dict[str, str]) -> Json:
    """The lists of those who are not reached."""
    lists = {"invaliduser": {"invalid", "named"}, "unlicenseduser": {"unlicensed"}}
    return {
        name: "|".join(each for each, standing in standings.items() if standing in kinds)
        for name, kinds in lists.items()
    }


def known_before(state: State, call: Call) -> str:
    """The number under which the same request was taken within its own interval, else ""."""
    if call.content.get("enable_duplicate_check") != 1:
        return ""
    msgid, until = state.letter_marks.get(digest(call), ("", 0.0))
    return msgid if call.at < until else ""


def mark(state: State, call: Call, msgid: str) -> None:
    """Know the request again for as long as it asks for, at most for hours."""
    asked = call.content.get("duplicate_check_interval", INTERVAL)
    if not isinstance(asked, int) or not 0 <= asked <= LONGEST_INTERVAL:
        raise Refusal(40035, "invalid parameter: duplicate_check_interval")
    state.letter_marks[digest(call)] = (msgid, call.at + asked)


def digest(call: Call) -> str:
    """Requests of the same content have the same."""
    return hashlib.sha256(call.request.body).hexdigest()


def deliver(state: State, call: Call, letter: Json) -> None:
    """Put it before the member, unless there were too many: those are dropped without a word."""
    copies = {"silent_drop": 0, "duplicate_delivery": 2}.get(call.twist, 1)
    try:
        for window in ("minute", "hour"):
            count(state, f"wecom_member/{window}", call.at, letter["userid"])
    except Refusal:
        copies = 0
    for _ in range(copies):
        state.letters.append({"id": state.next_message(), **letter, "at": call.at})
