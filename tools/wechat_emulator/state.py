"""Everything the emulated platform remembers about one mini-program."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, TypedDict

from tools.wechat_emulator.answers import Json

KEPT_MESSAGES = 5_000
FIRST_MESSAGE_ID = 2_400_000_000_000_000_000


@dataclass(slots=True, kw_only=True)
class User:
    """A person on a phone, as this mini-program knows them."""

    openid: str
    appid: str
    name: str = ""
    phone: str = ""
    country_code: str = "86"
    unionid: str = ""
    session_key: str = field(default="", repr=False)
    last_visit: float = 0
    is_risky: bool = False
    has_main_switch: bool = True


@dataclass(slots=True, kw_only=True)
class Code:
    """A single-use code: `kind` is "login", "phone" or "wecom"; of that `openid` is the userid."""

    value: str
    kind: str
    openid: str
    appid: str
    expires_at: float
    phone: str = ""
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class Token:
    """An access token; `dies_at` is when a later one has pushed it out of its pool."""

    value: str = field(repr=False)
    pool: str
    issued_at: float
    expires_at: float
    dies_at: float | None = None


@dataclass(slots=True, kw_only=True)
class Template:
    """A message template: `type` 2 is one-time, 3 long-term; `fields` maps label to key."""

    id: str
    title: str
    type: int
    fields: dict[str, str]
    examples: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    is_banned: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """A member of the corporation in WeCom.

    `standing`: "" reached, "invalid" (81013), "named" (0, but in invaliduser), "unlicensed".
    """

    userid: str
    name: str = ""
    standing: str = ""


@dataclass(slots=True, kw_only=True)
class MediaRule:
    """What is thought of media whose address matches a pattern; an `errcode` when of none."""

    pattern: str
    suggest: str = "pass"
    label: int = 100
    errcode: int = 0


class Message(TypedDict):
    """A message as it lies on somebody's phone; written once, never changed."""

    id: int
    msgid: int
    openid: str
    template_id: str
    title: str
    lines: list[dict[str, str]]
    text: str
    page: str
    miniprogram_state: str
    lang: str
    at: float
    time: str


Pair = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class State:
    """The platform's memory; whoever reads or changes it holds the emulator's lock."""

    appid: str
    secret: str = field(repr=False)
    tokens: dict[str, Token] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    remaining: dict[Pair, int] = field(default_factory=dict)
    long_term: set[Pair] = field(default_factory=set)
    refused: set[Pair] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    vanished: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    texts: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    links: dict[str, Json] = field(default_factory=dict)
    media_rules: list["MediaRule"] = field(default_factory=list)
    media_checks: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    held_results: list[Json] | None = None
    text_refusals: dict[str, str] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    letters: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    letter_marks: dict[str, tuple[str, float]] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    offset: float = 0
    forced_at: float = 0
    last_message: int = 0
    last_msgid: int = FIRST_MESSAGE_ID

    def next_msgid(self) -> int:
        """The number of the next accepted send."""
        self.last_msgid += 1
        return self.last_msgid

    def next_message(self) -> int:
        """The number of the next message on any phone."""
        self.last_message += 1
        return self.last_message

    def messages_of(
        self, openid: str = "", *, template_id: str = "", since: int = 0
    ) -> list[Message]:
        """Messages newer than number `since`, oldest first."""
        return [
            message
            for message in self.messages
            if message["id"] > since
            and openid in {"", message["openid"]}
            and template_id in {"", message["template_id"]}
        ]


def event(state: State, name: str, openid: str, at: float, **rest: Any) -> Json:
    """A push event in JSON form."""
    return {
        "ToUserName": f"gh_{state.appid[-12:]}",
        "FromUserName": openid,
        "CreateTime": int(at),
        "MsgType": "event",
        "Event": name,
        **rest,
    }
