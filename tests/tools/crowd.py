"""Clients of a real server: each submits and acts as fast as it can, until there is none."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from services.idempotency import InFlight
from tests.callers import API
from tools.ports import HOST

PATIENCE = 180.0
"""Long enough for a web process that has to be started anew on a busy machine."""
BODY = "新生产线投产需要增加用电容量，请协调。"
ACCEPTANCE = {"ticket_class": "normal", "category_code": "utilities"}


@dataclass(slots=True)
class Request:
    """A POST under a key of its own, and how it was answered; status 0 while it is not."""

    token: str
    path: str
    body: dict[str, Any]
    version: int | None = None
    key: str = field(default_factory=lambda: uuid4().hex)
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    is_last: bool = False

    def headers(self) -> dict[str, str]:
        known = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": self.key}
        given = {} if self.version is None else {"If-Match": f'"{self.version}"'}
        return known | given | {"Content-Type": "application/json"}

    def send(self, connection: HTTPConnection) -> None:
        """Raises ConnectionError when the connection is closed instead of an answer.

        Half an answer is another error, which nobody expects.
        """
        connection.request("POST", API + self.path, json.dumps(self.body), self.headers())
        told = connection.getresponse()
        self.answer = json.loads(told.read())
        self.is_last = told.will_close
        # What a process that died was doing may still be at work in the database: asked again.
        self.status = 0 if self.answer.get("title") == InFlight.code else told.status


def submission(token: str) -> Request:
    """A ticket whose title nobody else uses."""
    return Request(token, "/tickets", {"title": f"增容{uuid4().hex}", "body": BODY})


def acceptance(token: str, number: str) -> Request:
    """The acceptance of a ticket as it was submitted."""
    return Request(token, f"/tickets/{number}/acceptance", ACCEPTANCE, version=1)


@dataclass(slots=True)
class Client:
    """Submits tickets for one person and accepts them for another, over one connection.

    When that is closed instead of an answer, the request is repeated over a new one.
    """

    port: int
    applicant: str
    housekeeper: str
    sent: list[Request] = field(default_factory=list)
    is_tired: bool = False

    def work(self) -> None:
        """Until no connection is accepted any more."""
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            while not self.is_tired:
                submitted = self._send(submission(self.applicant), connection)
                self._send(acceptance(self.housekeeper, submitted["number"]), connection)
        except ConnectionRefusedError:
            connection.close()

    def _send(self, request: Request, connection: HTTPConnection) -> dict[str, Any]:
        self.sent.append(request)
        while not (request.status or self.is_tired):
            try:
                request.send(connection)
            except ConnectionRefusedError:
                raise
            except ConnectionError:
                connection.close()
        assert request.status in {200, 201} or self.is_tired, request
        return request.answer


@contextmanager
def at_work(clients: Sequence[Client]) -> Iterator[list[Future[None]]]:
    """All of them at once; at the end of the block their connections have to have ended."""
    with ThreadPoolExecutor(len(clients)) as pool:
        asked = [pool.submit(client.work) for client in clients]
        try:
            yield asked
        except BaseException:
            for client in clients:
                client.is_tired = True
            raise
    for each in asked:
        each.result()


@contextmanager
def waiting(port: int, requests: Sequence[Request]) -> Iterator[list[Future[None]]]:
    """Each request on a connection of its own, on its way while the block goes on."""
    with ThreadPoolExecutor(len(requests)) as pool:
        connections = [HTTPConnection(HOST, port, timeout=PATIENCE) for _ in requests]
        yield list(map(lambda *it: pool.submit(Request.send, *it), requests, connections))
