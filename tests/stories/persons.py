"""People with a client that behaves: it repeats what it heard nothing of, under the same key.

It believes what it was told last. Where that is out of date it looks again, and does what was
wanted if that is still to be done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from app.api.ticket_actions.routes import ACTIONS
from tests.stories.requests import Answer, Request
from tests.stories.wires import PerfectWire

PATIENCE = 100
ACTION_OF = {action.noun: action.permission for action in ACTIONS}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants done once: one key, however often it is sent.

    `number` is the ticket that it changes, by `action`.
    """

    path: str
    key: str
    body: Any = None
    file: tuple[str, bytes] | None = None
    number: str | None = None
    action: str = ""


@dataclass
class Somebody:
    """A person at a client, on whatever network there is."""

    name: str
    token: str
    wire: PerfectWire
    versions: dict[str, int] = field(default_factory=dict)
    unheard: list[Deed] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def read(self, path: str) -> Any:
        """What a path shows, once all that was left unheard has been answered."""
        self.catch_up()
        return self._read(path)

    def _read(self, path: str) -> Any:
        for _ in range(PATIENCE):
            answer = self.wire.carry(Request(self.name, "GET", path, self._headers()))
            if answer is not None:
                assert answer.status == 200, answer
                return answer.json
        raise AssertionError(f"{self.name} reads {path} in vain")

    def upload(self, name: str, content: bytes) -> int:
        """Hand in a file; its id."""
        return self._get_done(Deed("/attachments", self._key(), file=(name, content)))["id"]

    def submit(self, **request: Any) -> str:
        """Hand in a request; the number of its ticket."""
        return self._get_done(Deed("/tickets", self._key(), request))["number"]

    def act(self, number: str, noun: str, **body: Any) -> None:
        """Act on a ticket. Nobody waits for the answer, as long as it has been done."""
        self._change(number, f"/tickets/{number}/{noun}", noun, body)

    def act_for_unit(self, number: str, noun: str, **body: Any) -> None:
        """Act on the own unit's newest assignment of a ticket."""
        listed = self.read("/assignments")["items"]
        own = max(one["id"] for one in listed if one["ticket"]["number"] == number)
        self._change(number, f"/assignments/{own}/{noun}", noun, body)

    def read_messages(self, at_most: int) -> None:
        """Open that many of the unread messages, the newest first."""
        for message in self.read("/me/messages?unread=true")["items"][:at_most]:
            self._do(Deed(f"/me/messages/{message['id']}/read", self._key()))

    def answer_popup(self, template_ids: list[str], *, asked_id: str | None = None) -> None:
        """Tell the product that the popup was answered with 允许."""
        answers = [{"template_id": each, "result": "accept"} for each in template_ids]
        named = {} if asked_id is None else {"asked_id": asked_id}
        self._do(Deed("/me/subscriptions", self._key(), {"answers": answers} | named))

    def resend(self, delivery_id: int) -> None:
        """Have a message sent again whose fate nobody knows."""
        self._do(Deed(f"/deliveries/{delivery_id}/resend", self._key()))

    def catch_up(self) -> None:
        """Repeat what was left unheard, and now wait for the answers."""
        while self.unheard:
            self._get_done(self.unheard.pop(0))

    def _change(self, number: str, path: str, noun: str, body: dict[str, Any]) -> None:
        if number not in self.versions:
            self._look_at(number)
        self._do(Deed(path, self._key(), body, None, number, ACTION_OF[noun]))

    def _do(self, deed: Deed) -> None:
        request = self._request(deed)
        answer = self.wire.carry(request)
        if answer is None and self.wire.puts_off(request):
            self.unheard.append(deed)
        elif answer is None or not self._understands(deed, answer):
            self._get_done(deed)

    def _get_done(self, deed: Deed) -> Any:
        """Send it until it has been answered; what was answered."""
        for _ in range(PATIENCE):
            answer = self.wire.carry(self._request(deed))
            if answer is not None and self._understands(deed, answer):
                return answer.json
        raise AssertionError(f"{self.name} tries in vain: {deed.path}")

    def _understands(self, deed: Deed, answer: Answer) -> bool:
        """Whether this is the end of it; else it is to be sent again, under the same key."""
        if answer.is_in_flight:
            return False
        if answer.status == 412 and deed.number:
            offered = self._look_at(deed.number)
            assert deed.action in offered, f"too late for {self.name}: {deed.path}, {offered}"
            return False
        assert answer.is_done, f"{self.name}: {deed.path}: {answer}"
        if deed.number:
            self.versions[deed.number] = answer.json["version"]
        return True

    def _look_at(self, number: str) -> list[str]:
        """Read a ticket as it stands now; what its reader may do."""
        ticket = self._read(f"/tickets/{number}")
        self.versions[number] = ticket["version"]
        return ticket["allowed_actions"]

    def _request(self, deed: Deed) -> Request:
        headers = self._headers() | {"Idempotency-Key": deed.key}
        if deed.number:
            headers["If-Match"] = f'"{self.versions[deed.number]}"'
        return Request(self.name, "POST", deed.path, headers, deed.body, deed.file)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _key(self) -> str:
        return f"{self.name}-{next(self.numbers)}"
