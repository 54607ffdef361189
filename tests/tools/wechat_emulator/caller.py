"""The mini-program's server as these tests play it: raw calls, and filled-in templates."""

import json
import socket
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.wechat import APPID, PATIENCE, SECRET, TEMPLATES, Phones

SEND = "cgi-bin/message/subscribe/send"
CREDENTIALS = {"appid": APPID, "secret": SECRET}
# A template with a field of every type that the shipped ones use, filled in.
DUE = TEMPLATES["即将到期"]
FILLED = {
    "character_string3": "AS20261122000001",
    "phrase1": "办理",
    "time2": "2026年11月25日 18:00",
    "thing8": "请在期限内完成办理",
}


def in_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Values as subscribe/send wants them."""
    return {key: {"value": value} for key, value in values.items()}


@dataclass(frozen=True)
class Caller:
    """A server that knows its mini-program's credentials."""

    wechat: Phones

    def get(self, path: str, /, **query: str) -> dict[str, Any]:
        return json.loads(self.exchange("GET", path, query)[2])

    def post(self, path: str, content: object, /, **query: str) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False).encode()
        return json.loads(self.exchange("POST", path, query, body)[2])

    def exchange(
        self, method: str, path: str, query: dict[str, str], body: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of any call."""
        server = urlsplit(self.wechat.base).netloc
        with closing(HTTPConnection(server, timeout=PATIENCE)) as connection:
            connection.request(method, f"/{path}?{urlencode(query)}", body)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()

    def legacy(self) -> str:
        """A token of the old pool."""
        query = {"grant_type": "client_credential", **CREDENTIALS}
        return self.get("cgi-bin/token", **query)["access_token"]

    def ask_stable(self, **more: Any) -> dict[str, Any]:
        content = {"grant_type": "client_credential", **CREDENTIALS, **more}
        return self.post("cgi-bin/stable_token", content)

    def token(self) -> str:
        """A token of the stable pool."""
        return self.ask_stable()["access_token"]

    def session(self, code: str, **changes: str) -> dict[str, Any]:
        """jscode2session."""
        query = {"grant_type": "authorization_code", "js_code": code, **CREDENTIALS, **changes}
        return self.get("sns/jscode2session", **query)

    def phone(self, code: str, **more: str) -> dict[str, Any]:
        """getuserphonenumber."""
        path = "wxa/business/getuserphonenumber"
        return self.post(path, {"code": code, **more}, access_token=self.token())

    def send(self, openid: str, *, token: str = "", **changes: Any) -> dict[str, Any]:
        """subscribe/send of a right message, changed."""
        return self.post(SEND, self.message(openid, **changes), access_token=token or self.token())

    def message(self, openid: str, **changes: Any) -> dict[str, Any]:
        whole = {"touser": openid, "template_id": DUE, "data": in_fields(FILLED), **changes}
        return {name: value for name, value in whole.items() if value is not None}

    def wire(self, path: str, body: bytes, timeout: float = PATIENCE) -> bytes:
        """Everything that comes back over a socket for a POST, to its end."""
        address = urlsplit(self.wechat.base)
        head = f"POST /{path}?access_token={self.token()} HTTP/1.1\r\nHost: x\r\n"
        request = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        place = (address.hostname, address.port)
        with socket.create_connection(place, timeout=timeout) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
