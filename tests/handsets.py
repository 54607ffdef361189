"""People with the mini-program in their hands: they log in by WeChat and bind by their number."""

from dataclasses import dataclass, field

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.callers import API
from tests.wechat import Phones


@dataclass
class Handset:
    """A WeChat user on a phone whose number is `number`, as a mini-program knows them.

    `program`: its appid, which the client then names; the first without. `unionid`: in all of them.
    """

    client: FlaskClient
    wechat: Phones
    number: str
    program: str = ""
    unionid: str = ""
    openid: str = field(init=False)

    def __post_init__(self) -> None:
        here = {"appid": self.program} if self.program else {}
        self.openid = self.wechat.make_user(self.number, unionid=self.unionid, **here)

    def log_in(self, code: str | None = None) -> TestResponse:
        """POST /auth/wechat with a fresh code."""
        body = {"code": code or self.wechat.login_code(self.openid)}
        named = {"X-Program": self.program} if self.program else {}
        return self.client.post(f"{API}/auth/wechat", json=body, headers=named)

    def bind(
        self, token: str | None = None, *, number: str | None = None, code: str | None = None
    ) -> TestResponse:
        """POST /auth/phone as a visitor or with `token`, by the own number or another."""
        body = {"code": code or self.wechat.phone_code(self.openid, number or self.number)}
        token = token or self.token()
        return self.client.post(f"{API}/auth/phone", json=body, headers=bearing(token))

    def token(self) -> str:
        """What a log-in gives now: a session's token or a visitor's."""
        answer = self.log_in()
        assert answer.status_code == 200, answer.text
        return answer.json["access_token"]

    def bound(self) -> str:
        """The token of a session after binding, which must work out."""
        answer = self.bind()
        assert answer.status_code == 200, answer.text
        assert answer.json["is_bound"] is True
        return answer.json["access_token"]

    def me(self, token: str) -> TestResponse:
        return self.client.get(f"{API}/me", headers=bearing(token))


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
