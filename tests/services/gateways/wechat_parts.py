"""A gateway on the emulated platform, with a token store of its own, patient or hasty."""

from dataclasses import dataclass, field
from typing import Any

from services.gateways.wechat import CredentialStore, MiniProgram, Patience, PhoneMessage, WeChat
from tests.wechat import APPID, SECRET, TEMPLATES, Phones

PATIENT = Patience(connect=10.0, read=20.0, total=40.0)
HASTY = Patience(connect=10.0, read=0.3, total=0.6)
TITLE = "补正通知"
PHONE = "13800001234"
NUMBER, LIMIT, HINT = "AS20261122000001", "2026年11月27日 18:00", "请点击补充所需材料"


@dataclass
class KeptToken:
    """Credentials kept in memory; `lives` are the lifetimes that it was told."""

    token: str | None = field(default=None, repr=False)
    lives: list[int] = field(default_factory=list)
    secret: str | None = field(default=None, repr=False)

    def read(self) -> str | None:
        return self.token

    def keep(self, token: str, expires_in: int) -> None:
        self.token = token
        self.lives.append(expires_in)

    def drop(self, token: str) -> None:
        if self.token == token:
            self.token = None

    def newest_secret(self) -> str | None:
        return self.secret


def gateway(base: str, tokens: CredentialStore | None = None, **changes: Any) -> WeChat:
    program = {"appid": APPID, "secret": SECRET, "api_base": base, "state": "trial"} | changes
    return WeChat(MiniProgram(**program), tokens or KeptToken(), PATIENT)


def hasty_gateway(base: str, tokens: CredentialStore | None = None) -> WeChat:
    """Gives up soon; for a platform that keeps silent."""
    program = MiniProgram(appid=APPID, secret=SECRET, api_base=base, state="trial")
    return WeChat(program, tokens or KeptToken(), HASTY)


def fault(phones: Phones, effect: str, path: str, times: int | None = None) -> None:
    """Let calls of `path` go wrong; what drips does so for longer than anybody waits."""
    options = {"drip": {"ms": 200}, "http": {"status": 502}}.get(effect, {})
    phones.fault(effect, match={"path": path}, times=times, **options)


def message_to(openid: str, **changes: Any) -> PhoneMessage:
    filled = {"character_string1": NUMBER, "time3": LIMIT, "thing4": HINT}
    words = {"template_id": TEMPLATES[TITLE], "page": "pages/ticket/detail?id=1", "fields": filled}
    return PhoneMessage(openid=openid, **words | changes)


def consenting(phones: Phones, *, times: int = 1) -> str:
    """Somebody who has consented to the message."""
    openid = phones.make_user(PHONE)
    phones.accept(openid, TITLE, times=times)
    return openid


def asked(phones: Phones, path: str) -> int:
    """How often a call was made."""
    return len(phones.calls(path))
