"""The people of the story, each at a client: log in, ask, act on a ticket as it stands."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import requests

from tools.faults import Fault

SECONDS = 30

Ticket = dict[str, Any]


class Person:
    """Somebody who is logged in. Every answer that is not the expected one ends the story."""

    def __init__(self, api: str, account: Mapping[str, Any], session: requests.Session) -> None:
        self._api, self._session = api, session
        self.name: str = account["name"]
        self.organisation_id: int | None = account["organisation_id"]
        self._token = ""
        credentials = {key: account[key] for key in ("login", "password")}
        self._token = self.post("/auth/password", credentials)["access_token"]
        [membership] = [one for one in self.get("/me")["memberships"] if one["is_current"]]
        self.title = f"{membership['role_label']}{self.name}"

    def get(self, path: str, **query: Any) -> Any:
        """The body of a 200."""
        asked = {key: value for key, value in query.items() if value is not None}
        return self._ask("GET", f"{path}?{urlencode(asked)}" if asked else path)[0]

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """The body of a 200 or 201."""
        return self._ask("POST", path, body or {}, headers)[0]

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The entries of a list, page after page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, limit=100, **query)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def submit(self, request: Mapping[str, Any]) -> Ticket:
        """A new ticket."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        ticket: Ticket = self.post("/tickets", request, **key)
        return ticket

    def ticket(self, number: str) -> Ticket:
        """A ticket as this person sees it."""
        seen: Ticket = self.get(f"/tickets/{number}")
        return seen

    def act(self, number: str, noun: str, body: Mapping[str, Any] | None = None) -> Ticket:
        """Act on a ticket under the version just read; answers the ticket as it is then."""
        return self._act(f"/tickets/{number}/{noun}", number, body)

    def act_for_unit(self, number: str, noun: str, body: Mapping[str, Any] | None = None) -> Ticket:
        """Act on the own unit's part of a ticket."""
        part = self.first("/assignments", lambda one: one["ticket"]["number"] == number)
        return self._act(f"/assignments/{part['id']}/{noun}", number, body)

    def first(
        self, path: str, is_wanted: Callable[[dict[str, Any]], bool], **query: Any
    ) -> dict[str, Any]:
        """The first entry of a list that is wanted; it has to be there."""
        found = next(filter(is_wanted, self.each(path, **query)), None)
        if found is None:
            raise Fault(f"{self.title}在 {path} {query or ''} 里没有看到应有的内容。")
        return found

    def _act(self, path: str, number: str, body: Mapping[str, Any] | None) -> Ticket:
        _, headers = self._ask("GET", f"/tickets/{number}")
        ticket: Ticket = self.post(path, body, **{"If-Match": headers["ETag"]})
        return ticket

    def _ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, Mapping[str, str]]:
        sent = dict(headers or {})
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        url = self._api + path
        try:
            answer = self._session.request(method, url, json=body, headers=sent, timeout=SECONDS)
        except requests.RequestException as fault:
            raise Fault(f"{method} {url} 没有得到回答：{fault}") from fault
        if not answer.ok:
            raise Fault(f"{method} {path} 得到 {answer.status_code}：{_why(answer)}")
        return answer.json(), answer.headers


class Town:
    """Everybody in `run.json`, found by login name; each logs in when first called upon."""

    def __init__(self, api: str, accounts: list[dict[str, Any]], session: requests.Session) -> None:
        self._api, self._session = api, session
        self._accounts = {account["login"]: account for account in accounts}
        self._present: dict[str, Person] = {}

    def __getitem__(self, login: str) -> Person:
        if login not in self._accounts:
            raise Fault(f"run.json 里没有演示账号 {login}，请用演示数据启动（make run）。")
        if login not in self._present:
            self._present[login] = Person(self._api, self._accounts[login], self._session)
        return self._present[login]


def _why(answer: requests.Response) -> str:
    """What a problem says, with its wrong fields."""
    try:
        problem = answer.json()
        fields = [f"{error['pointer']} {error['detail']}" for error in problem.get("errors", [])]
        return " ".join([problem["detail"], *fields])
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
