"""People over HTTP: each holds a session and sends the headers that clients send."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.inspection import FOR_A_REASON
from services.accounts import sessions
from services.accounts.terms import Terms
from tests.factories import Person

API = "/api/v1"
ANY_NUMBER = 10_000
"""Walks over all routes hold more sessions of one account than people may."""
_keys = count(1)


def signed_in(person: Person) -> str:
    """The access token of a new session, without the deliberate slowness of a password check."""
    account, membership = person.account, person.membership
    kind, lifetimes = sessions.kind_of([membership.role]), current_app.config["LIFETIMES"]
    terms = Terms(lifetimes, ip="127.0.0.1", most_sessions=ANY_NUMBER)
    return sessions.open_session(account.id, kind, terms).access_token


@dataclass
class Caller:
    """A person at a client."""

    client: FlaskClient
    person: Person
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = signed_in(self.person)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(API + path, headers=self.headers(), **options)

    def post(self, path: str, body: Any = None, *, version: int | None = None) -> TestResponse:
        """POST `body`; `version` goes into If-Match."""
        return self.client.post(API + path, json=body or {}, headers=self.headers(version))

    def patch(self, path: str, body: Any) -> TestResponse:
        return self.client.patch(API + path, json=body, headers=self.headers())

    def submit(self, body: dict[str, Any]) -> TestResponse:
        """POST /tickets under a fresh Idempotency-Key."""
        headers = self.headers() | {"Idempotency-Key": f"key-{next(_keys)}"}
        answer = self.client.post(f"{API}/tickets", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer

    def act(self, number: str, noun: str, body: dict[str, Any] | None = None) -> Any:
        """Act on a ticket as it stands now; the action must succeed."""
        version = self.version_of(number)
        answer = self.post(f"/tickets/{number}/{noun}", body, version=version)
        assert answer.status_code == 200, answer.text
        return answer.json

    def act_for_unit(self, number: str, noun: str, body: dict[str, Any] | None = None) -> Any:
        """Act on the own unit's assignment of a ticket; the action must succeed."""
        listed = self.get("/assignments").json["items"]
        own = next(one for one in listed if one["ticket"]["number"] == number)
        version = own["ticket"]["version"]
        answer = self.post(f"/assignments/{own['id']}/{noun}", body, version=version)
        assert answer.status_code == 200, answer.text
        return answer.json

    def inspect(self, number: str) -> None:
        """State a reason for reading a ticket's details, as a supervisor has to."""
        answer = self.post(f"/tickets/{number}/inspection", {"reason": "核实办理经过"})
        assert answer.status_code == 200, answer.text

    def version_of(self, number: str) -> int:
        if self.person.membership.role in FOR_A_REASON:
            self.inspect(number)
        answer = self.get(f"/tickets/{number}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
        return answer.json["version"]

    def headers(self, version: int | None = None) -> dict[str, str]:
        known = {"Authorization": f"Bearer {self.token}"}
        return known if version is None else known | {"If-Match": f'"{version}"'}
