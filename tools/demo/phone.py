"""手机: somebody's WeChat, as far as the story touches it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tools.wechat import StandIn

Message = dict[str, Any]


class Phone:
    """One person's phone. What was on it before the story began is left out."""

    def __init__(self, stand_in: StandIn, openid: str) -> None:
        self._stand_in, self._openid = stand_in, openid
        self._before = max((message["id"] for message in self._messages(since=0)), default=0)

    def login_code(self) -> str:
        """What the mini-program gets when the person opens it."""
        return self._code("login")

    def phone_code(self) -> str:
        """What it gets when the person lets it have the phone number."""
        return self._code("phone")

    def accept(self, template_ids: Sequence[str]) -> None:
        """The person taps 允许 in one popup."""
        answers = {"template_ids": list(template_ids), "result": "accept"}
        self._stand_in.post("subscribe", {"openid": self._openid, **answers})

    def messages(self) -> list[Message]:
        """What has arrived since the story began, oldest first."""
        return self._messages(since=self._before)

    def count(self, number: str, title: str) -> int:
        """How many messages of this title about this ticket have arrived."""
        return self.counts()[number, title]

    def counts(self) -> Counter[tuple[str, str]]:
        """How many messages have arrived by ticket number and title."""
        return Counter((number_in(message), message["title"]) for message in self.messages())

    def _code(self, kind: str) -> str:
        answer = self._stand_in.post(kind, {"openid": self._openid})
        return str(answer["code"])

    def _messages(self, since: int) -> list[Message]:
        found: list[Message] = self._stand_in.get("messages", openid=self._openid, since=since)[
            "messages"
        ]
        return found


def number_in(message: Message) -> str:
    """The ticket that a message is about."""
    return next((line["value"] for line in message["lines"] if line["label"] == "诉求编号"), "")


def shown(message: Message) -> str:
    """A message as one line."""
    lines = "，".join(f"{line['label']} {line['value']}" for line in message["lines"])
    return f"〔{message['title']}〕{lines}"
