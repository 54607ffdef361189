"""The people of the story, each at a client: log in, ask, act on a ticket as it stands."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import requests

from tools.demo.phone import Phone
from tools.faults import Fault
from tools.wechat import StandIn

SECONDS = 30
ON_THE_PHONE = frozenset(
    {
        "enterprise_admin",
        "enterprise_staff",
        "housekeeper",
        "handler",
        "co_handler",
        "unit_approver",
    }
)

Ticket = dict[str, Any]


class Person:
    """Somebody who is logged in. Every answer that is not the expected one ends the story."""

    def __init__(
        self,
        api: str,
        account: Mapping[str, Any],
        session: requests.Session,
        phone: Phone | None = None,
    ) -> None:
        self._api, self._session = api, session
        self.name: str = account["name"]
        self.organisation_id: int | None = account["organisation_id"]
        self.phone = phone
        self.is_newly_bound = False
        self._token = ""
        if phone:
            self._enter_by_wechat(phone)
        else:
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

    def consent(self) -> list[str]:
        """Tap 允许 as long as the mini-program has something to ask; the titles agreed to."""
        titles: dict[str, None] = {}
        while self.phone and (asked := self._asked()):
            self.phone.accept(list(asked))
            answers = [{"template_id": each, "result": "accept"} for each in asked]
            self.post("/me/subscriptions", {"answers": answers, "asked_id": str(uuid.uuid4())})
            titles |= dict.fromkeys(asked.values())
        return list(titles)

    def submit(self, request: Mapping[str, Any]) -> Ticket:
        """A new ticket."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        ticket: Ticket = self.post("/tickets", request, **key)
        return ticket

    def inspect(self, number: str, reason: str) -> Ticket:
        """A ticket as a supervisor sees it, who says why first."""
        self.post(f"/tickets/{number}/inspection", {"reason": reason})
        return self.ticket(number)

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

    def _enter_by_wechat(self, phone: Phone) -> None:
        """Open the mini-program; at the first time the phone number says who it is."""
        entered = self.post("/auth/wechat", {"code": phone.login_code()})
        self._token = entered["access_token"]
        if not entered["is_bound"]:
            bound = self.post("/auth/phone", {"code": phone.phone_code()})
            self._token, self.is_newly_bound = bound["access_token"], True

    def _asked(self) -> dict[str, str]:
        """What one popup would ask for now: template ids with their titles."""
        told = self.get("/me/subscriptions")
        titles = {item["template_id"]: item["template"] for item in told["items"]}
        return {template_id: titles[template_id] for template_id in told["ask_now"]}

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
    """Everybody in `run.json`, found by login name; each logs in when first called upon.

    With a stand-in for WeChat, those whose role is played on the phone come in by it.
    """

    def __init__(
        self,
        api: str,
        accounts: list[dict[str, Any]],
        session: requests.Session,
        stand_in: StandIn | None = None,
    ) -> None:
        self._api, self._session, self._stand_in = api, session, stand_in
        self._accounts = {account["login"]: account for account in accounts}
        self._present: dict[str, Person] = {}

    def __getitem__(self, login: str) -> Person:
        if login not in self._accounts:
            raise Fault(f"run.json 里没有演示账号 {login}，请用演示数据启动（make run）。")
        if login not in self._present:
            account = self._accounts[login]
            phone = self._phone(account)
            self._present[login] = Person(self._api, account, self._session, phone)
        return self._present[login]

    def _phone(self, account: Mapping[str, Any]) -> Phone | None:
        if self._stand_in and account["role"] in ON_THE_PHONE:
            return Phone(self._stand_in, account["openid"])
        return None


def _why(answer: requests.Response) -> str:
    """What a problem says, with its wrong fields."""
    try:
        problem = answer.json()
        fields = [f"{error['pointer']} {error['detail']}" for error in problem.get("errors", [])]
        return " ".join([problem["detail"], *fields])
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
