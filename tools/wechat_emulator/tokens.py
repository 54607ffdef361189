"""Access tokens: two pools that know nothing of each other, and the check that every call makes."""

import hmac
import secrets

from tools.wechat_emulator.answers import Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.state import State, Token

LIFETIME, OVERLAP = 7_200, 300
REMEMBERED = 86_400
REFRESH_PAUSE = 30
WECOM = "wecom"
INVALID = "invalid credential, access_token is invalid or not latest"


def token(state: State, call: Call) -> Json:
    """GET /cgi-bin/token: a new token each time; earlier ones live 300 s more at most."""
    query = call.request.query
    require_secret(state, query.get("appid", ""), query.get("secret", ""))
    require_grant(query.get("grant_type", ""), "client_credential")
    count(state, "token/day", call.at)
    for earlier in pool(state, "token"):
        retire(earlier, call.at + OVERLAP)
    return spoken(issue(state, "token", call.at), call.at)


def stable_token(state: State, call: Call) -> Json:
    """POST /cgi-bin/stable_token: the same token while it has more than 300 s left."""
    require_secret(state, call.text("appid"), call.text("secret"))
    require_grant(call.text("grant_type"), "client_credential")
    count(state, "stable_token/minute", call.at)
    count(state, "stable_token/day", call.at)
    if call.content.get("force_refresh") is True:
        return spoken(forced(state, call.at), call.at)
    living = [kept for kept in pool(state, "stable") if fault(kept, call.at) is None]
    latest = max(living, key=lambda kept: kept.expires_at, default=None)
    if latest is None or latest.expires_at - call.at <= OVERLAP:
        latest = issue(state, "stable", call.at)
    return spoken(latest, call.at)


def require_token(state: State, call: Call) -> None:
    """The check before every call that needs a token; it stands in the query."""
    value = call.request.query.get("access_token", "")
    if not value:
        raise Refusal(41001, "access_token missing")
    kept = state.tokens.get(value)
    is_ours = kept is not None and kept.pool != WECOM
    refusal = fault(kept, call.at) if kept and is_ours else Refusal(40001, INVALID)
    if refusal:
        raise refusal


def require_secret(state: State, appid: str, secret: str) -> None:
    """Who may act for the mini-program itself."""
    if not appid:
        raise Refusal(41002, "appid missing")
    if not secret:
        raise Refusal(41004, "appsecret missing")
    if appid != state.appid:
        raise Refusal(40013, "invalid appid")
    if not hmac.compare_digest(secret.encode(), state.secret.encode()):
        raise Refusal(40125, "invalid appsecret")


def require_grant(given: str, wanted: str) -> None:
    """The one word that `grant_type` may be."""
    if given != wanted:
        raise Refusal(40002, "invalid grant_type")


def forced(state: State, at: float) -> Token:
    """A new stable token; the earlier ones die at once. 30 s apart, 20 a day."""
    if 0 <= at - state.forced_at < REFRESH_PAUSE:
        raise Refusal(45011, "force refresh too frequently, retry after 30s")
    count(state, "force_refresh/day", at)
    state.forced_at = at
    for kept in pool(state, "stable"):
        retire(kept, at)
    return issue(state, "stable", at)


def pool(state: State, name: str) -> list[Token]:
    """Every remembered token of one pool."""
    return [kept for kept in state.tokens.values() if kept.pool == name]


def issue(state: State, name: str, at: float) -> Token:
    """A new token; those long expired are forgotten."""
    for kept in list(state.tokens.values()):
        if at - kept.expires_at > REMEMBERED:
            del state.tokens[kept.value]
    made = Token(
        value=secrets.token_urlsafe(100), pool=name, issued_at=at, expires_at=at + LIFETIME
    )
    state.tokens[made.value] = made
    return made


def retire(kept: Token, at: float) -> None:
    """Let a token die at a moment, unless it does so earlier."""
    kept.dies_at = at if kept.dies_at is None else min(kept.dies_at, at)


def fault(kept: Token, at: float) -> Refusal | None:
    """Why a token is not taken now; None when it is."""
    if kept.dies_at is not None and at >= kept.dies_at:
        return Refusal(40001, INVALID)
    if at >= kept.expires_at:
        return Refusal(42001, "access_token expired")
    return None


def spoken(kept: Token, at: float) -> Json:
    """How a token is given out."""
    return {"access_token": kept.value, "expires_in": int(kept.expires_at - at)}


def expire_all(state: State, at: float) -> None:
    """Every token is past its time now."""
    for kept in state.tokens.values():
        kept.expires_at = min(kept.expires_at, at)


def forget_all(state: State) -> None:
    """No token is known any more, as after a leak."""
    state.tokens.clear()
