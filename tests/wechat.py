"""The emulated WeChat platform for tests: people with phones, and what reached them.

    with emulated_wechat() as wechat:
        openid = wechat.make_user("13800000001")
        code = wechat.login_code(openid)

`wechat.base` is what the product is given as the platform's base URL.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tools.wechat_emulator.admin_views import LONGEST_WAIT
from tools.wechat_emulator.emulator import Access, Emulator
from tools.wechat_emulator.server import serving
from tools.wechat_emulator.templates import shipped_templates

APPID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
KEY = "emulator-admin-key"
# The id of every shipped template by its title.
TEMPLATES = {template.title: template.id for template in shipped_templates().values()}
PATIENCE = 20.0


class Refused(Exception):
    """The admin route refused: (status, error)."""


@dataclass(frozen=True)
class Phones:
    """The people of a running emulator, in this process or in another one."""

    base: str
    key: str = KEY

    def make_user(self, phone: str | None = None, **more: Any) -> str:
        """A person; returns their openid. `more`: openid, unionid, risk, main_switch, appid."""
        return self.post("users", phone=phone, **more)["openid"]

    def login_code(self, openid: str) -> str:
        """What wx.login gives to the mini-program."""
        return self.post("login", openid=openid)["code"]

    def phone_code(self, openid: str, phone: str | None = None) -> str:
        """What the phone button gives; without `phone`, for the person's own number."""
        return self.post("phone", openid=openid, phone=phone)["code"]

    def accept(self, openid: str, *templates: str, times: int = 1, push: bool = False) -> None:
        """Consent to templates, by title or id; to all when none is named."""
        for template_id in map(template_id_of, templates or TEMPLATES):
            self.post(
                "subscribe", openid=openid, template_ids=[template_id], times=times, push=push
            )

    def refuse(self, openid: str, *templates: str, push: bool = False) -> None:
        """Switch templates off in the settings; to all when none is named."""
        ids = [template_id_of(each) for each in templates or TEMPLATES]
        self.post("unsubscribe", openid=openid, template_ids=ids, push=push)

    def quota(self, openid: str, template: str) -> int:
        """How many sends the person has still consented to."""
        wanted = {"openid": openid, "template_id": template_id_of(template)}
        rows = self.get("state")["quota"]
        return next((row["remaining"] for row in rows if row.items() >= wanted.items()), 0)

    def messages(self, openid: str = "", template: str = "") -> list[dict[str, Any]]:
        """What lies on a phone, oldest first: title, lines, text, page, msgid, at, …"""
        template_id = template_id_of(template)
        return self.get("messages", openid=openid, template_id=template_id)["messages"]

    def wait_for_messages(
        self, openid: str = "", count: int = 1, timeout: float = PATIENCE
    ) -> list[dict[str, Any]]:
        """The same, as soon as there are `count`; fails when they do not come."""
        answer = self.get("messages/wait", openid=openid, count=count, timeout=timeout)
        assert answer["complete"], answer["messages"]
        return answer["messages"]

    def texts(self, phone: str = "") -> list[dict[str, Any]]:
        """The short messages that arrived, oldest first: phone, form, number, at."""
        return self.get("texts", phone=phone)["texts"]

    def opened_by(self, link: str) -> dict[str, Any]:
        """What a link opens, or the part of one behind its host: path, query, expires_at."""
        [opened] = self.get("links", token=link)["links"]
        return opened

    def refuse_texts(self, phone: str, code: str) -> None:
        """Let the provider of short messages answer `code` for a number; "" ends that."""
        self.put("text-refusals", phone=phone, code=code)

    def make_member(self, userid: str, standing: str = "") -> str:
        """A member of the corporation in WeCom; `standing`: "", invalid, named or unlicensed."""
        return self.post("members", userid=userid, standing=standing)["userid"]

    def wecom_code(self, userid: str) -> str:
        """What a page that is opened in WeCom is given."""
        return self.post("wecom-code", userid=userid)["code"]

    def letters(self, userid: str = "") -> list[dict[str, Any]]:
        """What members were shown in WeCom, oldest first: userid, msgtype, title, text, url, at."""
        return self.get("letters", userid=userid)["letters"]

    def wait_for_letters(self, userid: str = "", count: int = 1) -> list[dict[str, Any]]:
        """The same, as soon as there are `count`; fails when they do not come."""
        answer = self.get("letters/wait", userid=userid, count=count, timeout=PATIENCE)
        assert answer["complete"], answer["letters"]
        return answer["letters"]

    def fault(
        self,
        effect: str,
        *,
        match: Mapping[str, Any] | None = None,
        times: int | None = None,
        after: int = 0,
        **options: Any,
    ) -> str:
        """Let calls fail; returns the fault's id.

        `match`: path ("subscribe/send"), openid, template, app, event, nth. `options` belong to
        the effect: latency ms, http status, errcode errcode, act=True to act before failing.
        """
        wanted = {"kind": effect, **options}
        rule = {"match": match or {}, "effect": wanted, "times": times, "after": after}
        return self.post("faults", **rule)["id"]

    def stop_waiting(self) -> None:
        """Let every call that is being delayed go on at once."""
        self.ask("DELETE", "delays")

    def clear_faults(self) -> None:
        """Let everything work again."""
        self.ask("DELETE", "faults")

    def calls(self, path: str = "") -> list[dict[str, Any]]:
        """Calls of the platform, oldest first, secrets masked; `path` may be its end."""
        return self.get("calls", path=path)["calls"]

    def unexpected(self) -> list[dict[str, Any]]:
        """Calls to what is not emulated."""
        return self.get("unexpected")["calls"]

    def advance(self, seconds: float) -> None:
        """Move the platform's clock."""
        self.post("clock", advance=seconds)

    def expire_tokens(self, *, forget: bool = False) -> None:
        """Every token is expired (42001), or with `forget` unknown (40001)."""
        self.post("tokens/expire", forget=forget)

    def push_to(self, url: str, token: str = "", key: str = "") -> None:
        """Push events to this address from now on; to none when it is empty."""
        self.put("push-target", url=url, token=token, key=key)

    def pushes(self, event: str = "") -> list[dict[str, Any]]:
        """Every try to push an event, oldest first."""
        return self.get("pushes", event=event)["pushes"]

    def reset(self) -> None:
        """Forget everything."""
        self.post("reset")

    def get(self, path: str, /, **query: Any) -> Any:
        """An admin route by GET."""
        return self.ask("GET", f"{path}?{urlencode(query)}")

    def post(self, path: str, /, **content: Any) -> Any:
        """An admin route by POST."""
        return self.ask("POST", path, content)

    def put(self, path: str, /, **content: Any) -> Any:
        """An admin route by PUT."""
        return self.ask("PUT", path, content)

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """Any admin route; raises Refused."""
        body = None if content is None else json.dumps(content)
        server = urlsplit(self.base).netloc
        with closing(HTTPConnection(server, timeout=PATIENCE + LONGEST_WAIT)) as connection:
            connection.request(method, f"/__emu/{path}", body, {"X-Emu-Key": self.key})
            answer = connection.getresponse()
            told = json.loads(answer.read())
        if answer.status != HTTPStatus.OK:
            raise Refused(answer.status, told["error"])
        return told


def template_id_of(template: str) -> str:
    """The id of a template named by title or id."""
    return TEMPLATES.get(template, template)


@contextmanager
def emulated_wechat() -> Iterator[Phones]:
    """A running emulator; nobody may have called what it does not emulate."""
    with serving(Emulator(Access(appid=APPID, secret=SECRET, key=KEY))) as base:
        phones = Phones(base)
        yield phones
        assert not phones.unexpected()
