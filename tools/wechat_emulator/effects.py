"""What a fault may do: a table of kinds, and the answers that some of them put in place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.wechat_emulator.answers import (
    Answer,
    Json,
    Refusal,
    encoded,
    page,
    refusal_answer,
)
from tools.wechat_emulator.arguments import BadArgument
from tools.wechat_emulator.limits import DAY_TEXT, MINUTE_TEXT

LOGIN_PAGE = "/__emu/login-page"
BUSY_PAGE = "<html><head><title>{0}</title></head><body>{0}</body></html>"
IP_TEXT = "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist"


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of fault works: whether the call is acted on, and its options."""

    acts: bool
    options: Mapping[str, Any]


KINDS = {
    # The answer comes late, or never.
    "latency": Kind(acts=True, options={"ms": 0, "to_ms": 0}),
    "hang": Kind(acts=False, options={}),
    # The connection breaks.
    "reset_before": Kind(acts=False, options={}),
    "reset_after": Kind(acts=True, options={}),
    "truncate": Kind(acts=True, options={"bytes": 10}),
    "drip": Kind(acts=True, options={"ms": 10}),
    # Another answer than the platform's.
    "http": Kind(acts=False, options={"status": 502, "retry_after": 0}),
    "html200": Kind(acts=True, options={}),
    "empty200": Kind(acts=True, options={}),
    "list200": Kind(acts=True, options={}),
    "gbk": Kind(acts=True, options={}),
    "errcode": Kind(
        acts=False, options={"errcode": -1, "errmsg": "system error", "as_text": False}
    ),
    "secret_wrong": Kind(acts=False, options={}),
    "ip_refused": Kind(acts=False, options={}),
    "rate_limit": Kind(acts=False, options={"per": "minute", "limit": 0}),
    # The platform itself does something else.
    "token_expire": Kind(acts=True, options={}),
    "token_invalidate": Kind(acts=True, options={}),
    "duplicate_delivery": Kind(acts=True, options={}),
    "silent_drop": Kind(acts=True, options={}),
    "clock_skew": Kind(acts=True, options={"seconds": 0}),
    # On the way to the mini-program's server.
    "push_drop": Kind(acts=True, options={}),
    "push_duplicate": Kind(acts=True, options={}),
    "push_wrong_signature": Kind(acts=True, options={}),
    "push_wrong_appid": Kind(acts=True, options={}),
    "push_plain": Kind(acts=True, options={}),
    "push_replay": Kind(acts=True, options={}),
}
NEEDS_SECRET = {"secret_wrong", "ip_refused"}


@dataclass(frozen=True, slots=True)
class Effect:
    """A kind with its options filled in."""

    kind: str
    acts: bool
    options: Mapping[str, Any]


def read_effect(given: object) -> Effect:
    """An effect as an admin writes it: its kind, or {"kind": …, option: value}; BadArgument."""
    written: Json = {"kind": given} if isinstance(given, str) else dict(require_table(given))
    name = written.pop("kind", "")
    if name not in KINDS:
        raise BadArgument(f"effect 应为下列之一：{', '.join(KINDS)}")
    kind = KINDS[name]
    acts = bool(written.pop("act", kind.acts))
    for option, value in written.items():
        if option not in kind.options:
            raise BadArgument(f"{name} 没有选项 {option}")
        if type(value) is not type(kind.options[option]):
            raise BadArgument(f"{name} 的选项 {option} 类型不对")
    return Effect(name, acts, {**kind.options, **written})


def require_table(given: object) -> Json:
    """A JSON object; BadArgument."""
    if not isinstance(given, dict):
        raise BadArgument("应为 JSON 对象")
    return given


def bend(effect: Effect, answer: Answer, at: float) -> Answer:
    """The answer that goes out in place of the platform's own."""
    bending = BENDINGS.get(effect.kind)
    return bending(effect.options, answer, at) if bending else answer


def gateway_error(options: Mapping[str, Any], _answer: Answer, _at: float) -> Answer:
    """What a gateway in front says; 302 leads to a log-in page, as in a hotel."""
    status = int(options["status"])
    headers = {"Location": LOGIN_PAGE} if status == 302 else {}
    if options["retry_after"]:
        headers["Retry-After"] = str(options["retry_after"])
    return page(BUSY_PAGE.format(status), status=status, headers=headers)


def error_answer(options: Mapping[str, Any], answer: Answer, at: float) -> Answer:
    """An errcode of one's choice, as a number or as text."""
    made = refusal_answer(Refusal(options["errcode"], options["errmsg"]), at, answer.content_type)
    if not options["as_text"]:
        return made
    body = encoded({"errcode": str(options["errcode"]), "errmsg": options["errmsg"]})
    return replace(made, body=body)


def in_gbk(_options: Mapping[str, Any], answer: Answer, _at: float) -> Answer:
    """The true answer behind bytes that are no UTF-8."""
    return replace(
        answer, body=answer.body.replace(b'"ok"', '"成功"'.encode("gbk")) + "。".encode("gbk")
    )


def over_the_limit(options: Mapping[str, Any], answer: Answer, at: float) -> Answer:
    """One call too many in a day, a minute, or a person's minute."""
    refusal = (45009, DAY_TEXT) if options["per"] == "day" else (45011, MINUTE_TEXT)
    return refusal_answer(Refusal(*refusal), at, answer.content_type)


BENDINGS: Mapping[str, Callable[[Mapping[str, Any], Answer, float], Answer]] = {
    "http": gateway_error,
    "errcode": error_answer,
    "gbk": in_gbk,
    "html200": lambda _options, _answer, _at: page(BUSY_PAGE.format("系统维护")),
    "empty200": lambda _options, answer, _at: replace(answer, body=b""),
    "list200": lambda _options, answer, _at: replace(answer, body=b"[]"),
    "secret_wrong": lambda _options, answer, at: refusal_answer(
        Refusal(40125, "invalid appsecret"), at, answer.content_type
    ),
    "rate_limit": over_the_limit,
    "ip_refused": lambda _options, answer, at: refusal_answer(
        Refusal(40164, IP_TEXT), at, answer.content_type
    ),
}
