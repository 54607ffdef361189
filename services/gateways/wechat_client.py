"""wechatpy's client, without what it does wrong.

Of its own it would fetch tokens from a fixed address, one for each process and thread, without a
timeout; try a refused token again for ever; and return pages of HTML as if they were answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from wechatpy.client import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.exceptions import WeChatClientException

from services.gateways.shared_token import CredentialStore, SharedToken, lifetime
from services.gateways.wechat_answers import Json, read_answer
from services.gateways.wechat_errors import (
    BAD_BODY,
    CONNECT_FAIL,
    SECRET_UNKNOWN,
    Busy,
    Call,
    Misconfigured,
    TokenRefused,
    unanswered,
    verdict,
)
from services.gateways.wechat_transport import Patience, Unanswered, session_for

OFFICIAL = "https://api.weixin.qq.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniProgram:
    """Who we are to the platform; `state` is the release that messages open.

    `audience`: whom it is for, "both", "enterprises" or "officials".
    """

    appid: str
    secret: str = field(repr=False)
    api_base: str
    state: str
    audience: str = "both"


class Client(WeChatClient):
    """One mini-program's calls. Raises `WeChatError` from each `ask`."""

    def __init__(self, program: MiniProgram, store: CredentialStore, patience: Patience) -> None:
        super().__init__(program.appid, program.secret, auto_retry=False)
        self._origin = f"{program.api_base.rstrip('/')}/"
        self._store = store
        self._token = SharedToken(store, self._fetched, patience.total, _busy)
        self._http = session_for(self._origin, patience)
        self.API_BASE_URL = f"{self._origin}cgi-bin/"
        _move(self, self._origin)

    def ask(self, call: Call, method: str, path: str, **sent: Any) -> Json:
        """Make one request, once. Parameters in pairs instead of a dict stay without a token."""
        try:
            answer: Json = self._request(method, self._origin + path, **sent)
        except Unanswered as silence:
            error = unanswered(call, silence.fault)
        except WeChatClientException as refusal:
            error = verdict(call, refusal.errcode, refusal.errmsg)
        except requests.RequestException:
            error = unanswered(call, CONNECT_FAIL)
        else:
            return answer
        # Raised out here, so that what the libraries say, with addresses, is no context of it.
        raise error

    def ask_with_token(self, call: Call, method: str, path: str, **sent: Any) -> Json:
        """Make one request with the shared token; once more with a new one if that is refused."""
        return self._token.use(
            lambda token: self.ask(call, method, path, params={"access_token": token}, **sent),
            TokenRefused,
        )

    def ask_with_secret(self, ask: Callable[[str], Json]) -> Json:
        """`ask` with the secret in use; once more with a newer one when that is not known any more.

        An unknown secret is the platform's word that nothing was done, so this repeats nothing.
        """
        used = self.secret
        try:
            return ask(used)
        except Misconfigured as error:
            newest = self._store.newest_secret() if error.errcode == SECRET_UNKNOWN else None
            if newest is None or newest == used:
                raise
        self.secret = newest
        return ask(newest)

    @property
    def access_token(self) -> str:
        """The shared token."""
        return self._token.value()

    def fetch_access_token(self) -> Json:
        """Fetch the stable token, which stays the same for all who ask, and keep it."""
        answer = self.ask_with_secret(self.fetch_token_with)
        token = text_in(answer, "access_token", Call.CREDENTIAL)
        self._store.keep(token, lifetime(answer.get("expires_in")))
        return answer

    def _fetched(self) -> str:
        return str(self.fetch_access_token()["access_token"])

    def fetch_token_with(self, secret: str) -> Json:
        """What the platform gives to who knows `secret`; nothing is kept of it."""
        request = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": secret,
            "force_refresh": False,
        }
        return self.ask(Call.CREDENTIAL, "post", "cgi-bin/stable_token", params=(), data=request)

    def _handle_result(
        self,
        res: requests.Response,
        method: str | None = None,  # noqa: ARG002  # as wechatpy calls it
        url: str | None = None,  # noqa: ARG002
        result_processor: Any = None,
        **_: Any,
    ) -> Any:
        """wechatpy's reading of an answer, but only of a whole one."""
        answer = read_answer(res.content)
        if errcode := int(answer.get("errcode", 0)):
            raise WeChatClientException(errcode, str(answer.get("errmsg", "")))
        return result_processor(answer) if result_processor else answer


def text_in(answer: Mapping[str, Any], name: str, call: Call) -> str:
    """The text that an answer to `call` must hold; without it, it is no answer."""
    text = answer.get(name)
    if not isinstance(text, str) or not text:
        raise unanswered(call, BAD_BODY)
    return text


def _busy() -> Busy:
    return Busy(Call.CREDENTIAL, detail="另一处正在获取接口凭据，请稍后再试。")


def _move(owner: WeChatClient | BaseWeChatAPI, origin: str) -> None:
    """Each part of wechatpy's client has an address of its own, which none asks the client for."""
    for part in vars(owner).values():
        if isinstance(part, BaseWeChatAPI):
            if own := getattr(part, "API_BASE_URL", None):
                part.API_BASE_URL = origin + own.removeprefix(OFFICIAL)
            _move(part, origin)
