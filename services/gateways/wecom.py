"""企业微信: what the product asks of it. Codes, userids and letters go in and out, no more.

A message bears the wish that the platform know it again, so that sending it twice shows it once.
Every error is a `WeComError`, and tells by its action whether anything may have been done.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from app.domain.wecom_letters import Letter
from app.domain.wecom_retry import REMEMBERED
from services.gateways.shared_token import CredentialStore, SharedToken, lifetime
from services.gateways.wechat_answers import Json, read_answer
from services.gateways.wechat_errors import BAD_BODY, CONNECT_FAIL
from services.gateways.wechat_transport import Patience, Unanswered, session_for
from services.gateways.wecom_errors import (
    WeComCall,
    WeComError,
    WeComTokenRefused,
    refused,
    silent,
)

_ABOVE = re.compile(r"[/?#&][^/?#&]*\{number\}.*")
"""The part of an address that names a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComApp:
    """应用: who we are to WeCom. `link` is what a message opens, with {number} for the ticket's."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    api_base: str
    link: str = ""

    @property
    def name(self) -> str:
        """Names the application among all that have a token."""
        return f"{self.corp_id}/{self.agent_id}"


class WeCom:
    """One application. Made once a process, after it has forked; safe for its threads."""

    def __init__(
        self, app: WeComApp, store: CredentialStore, patience: Patience | None = None
    ) -> None:
        patience = patience or Patience()
        self._app = app
        self._store = store
        self._origin = f"{app.api_base.rstrip('/')}/"
        self._http = session_for(self._origin, patience)
        self._token = SharedToken(store, self._fetch, patience.total, _busy)

    @property
    def corp_id(self) -> str:
        """The corporation whose userids these are."""
        return self._app.corp_id

    @property
    def name(self) -> str:
        """Under which its token is kept."""
        return self._app.name

    def link_to(self, number: str) -> str | None:
        """What a message about the ticket opens; None: nothing.

        One about no single ticket opens what lies above them: the work queue.
        """
        link = self._app.link
        return (link.replace("{number}", number) if number else _ABOVE.sub("", link)) or None

    def identify(self, code: str) -> str | None:
        """The userid that an OAuth code stands for; None for somebody who is no member.

        Good once, so a lost answer needs a new one.
        """
        answer = self._ask_with_token(WeComCall.IDENTITY, {"code": code})
        userid = answer.get("userid") or answer.get("UserId")
        return userid.lower() if isinstance(userid, str) else None

    def send(self, userid: str, letter: Letter) -> str:
        """Send one message; answers the platform's id of it, "" if it gives none.

        What was sent before within `REMEMBERED`, to the letter, is accepted and not shown again.
        An answer without an error that names the member all the same has not reached anybody.
        """
        body = json.dumps(self._message(userid, letter), ensure_ascii=False).encode()
        answer = self._ask_with_token(WeComCall.SEND, {}, body)
        if "errcode" not in answer:
            raise silent(WeComCall.SEND, BAD_BODY)
        if _names(answer, "invaliduser", userid) or _names(answer, "unlicenseduser", userid):
            raise WeComError(WeComCall.SEND, "unreachable", 0)
        return str(answer.get("msgid") or "")

    def _message(self, userid: str, letter: Letter) -> dict[str, Any]:
        text = f"{letter.title}\n{letter.description}"
        content: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        if letter.url:
            card = {"title": letter.title, "description": letter.description, "url": letter.url}
            content = {"msgtype": "textcard", "textcard": card | {"btntxt": "查看"}}
        return {
            "touser": userid,
            "agentid": self._app.agent_id,
            **content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": int(REMEMBERED.total_seconds()),
        }

    def _ask_with_token(
        self, call: WeComCall, query: Mapping[str, str], body: bytes | None = None
    ) -> Json:
        return self._token.use(
            lambda token: self._ask(call, {"access_token": token, **query}, body),
            WeComTokenRefused,
        )

    def _fetch(self) -> str:
        asked = {"corpid": self._app.corp_id, "corpsecret": self._app.secret}
        answer = self._ask(WeComCall.TOKEN, asked)
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise silent(WeComCall.TOKEN, BAD_BODY)
        self._store.keep(token, lifetime(answer.get("expires_in")))
        return token

    def _ask(self, call: WeComCall, query: Mapping[str, str], body: bytes | None = None) -> Json:
        """Make one request, once: GET, or POST where there is a body."""
        method, address = "POST" if body else "GET", f"{self._origin}cgi-bin/{call}"
        try:
            answer = read_answer(
                self._http.request(method, address, params=query, data=body).content
            )
        except Unanswered as silence:
            error = silent(call, silence.fault)
        except requests.RequestException:
            error = silent(call, CONNECT_FAIL)
        else:
            errcode = int(answer.get("errcode", 0))
            if not errcode:
                return answer
            error = refused(call, errcode)
        # Raised out here, so that what the libraries say, with addresses, is no context of it.
        raise error


def _names(answer: Mapping[str, Any], part: str, userid: str) -> bool:
    """Whether a list of the answer has the member; it is written in small letters."""
    return userid.lower() in str(answer.get(part) or "").lower().split("|")


def _busy() -> WeComError:
    return WeComError(WeComCall.TOKEN, "retry", None, "另一处正在获取接口凭据，请稍后再试。")
