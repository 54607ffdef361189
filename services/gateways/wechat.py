"""微信: what the product asks of the platform. Codes, openids and phones go in and out, no more.

Every error is a `WeChatError`, and tells by its class whether anything may have been done.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.content_checks import PICTURE as PICTURE_TYPE
from app.domain.content_checks import Judgement
from app.domain.program_codes import Sign
from app.domain.program_links import LinkForm, Target
from services.gateways.shared_token import CredentialStore
from services.gateways.wechat_answers import PICTURE, Json
from services.gateways.wechat_client import Client, MiniProgram, text_in
from services.gateways.wechat_errors import BAD_BODY, Call, Rejected, unanswered
from services.gateways.wechat_transport import Patience

__all__ = [
    "AccountTemplate",
    "CodePicture",
    "CredentialStore",
    "Identity",
    "MiniProgram",
    "Patience",
    "PhoneMessage",
    "Subject",
    "WeChat",
]

LONG_TERM = 3
AT_A_TIME = 0
"""Links end at a time that is given, and not after so many days."""

MAINLAND = "86"
RELEASE = {"formal": "release", "trial": "trial", "developer": "develop"}
"""What getwxacodeunlimit calls the release that subscription messages name otherwise."""

_FIELD = re.compile(r"^\s*(.+?)\s*[:：]\s*\{\{\s*(\w+)\.DATA\s*\}\}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who logged in, as this mini-program knows them."""

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMessage:
    """A message to one person: `fields` by the keys of the account's template ("thing1")."""

    openid: str = field(repr=False)
    template_id: str
    page: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTemplate:
    """A template of the account: `fields` from the label ("处理时间") to the key ("time1")."""

    template_id: str
    title: str
    is_long_term: bool
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodePicture:
    """小程序码: the bytes of its picture, a PNG or a JPEG as `media_type` says."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who wrote what is judged, and where: `scene` is the platform's number."""

    openid: str = field(repr=False)
    scene: int


class WeChat:
    """One mini-program. Made once a process, after it has forked; safe for its threads."""

    def __init__(
        self, program: MiniProgram, store: CredentialStore, patience: Patience | None = None
    ) -> None:
        self._program = program
        self._client = Client(program, store, patience or Patience())

    @property
    def appid(self) -> str:
        """The mini-program whose openids these are."""
        return self._program.appid

    @property
    def audience(self) -> str:
        """Whom the mini-program is for: both, enterprises or officials."""
        return self._program.audience

    @property
    def env_version(self) -> str:
        """The release that codes open."""
        return RELEASE[self._program.state]

    def identify(self, code: str) -> Identity:
        """Who a log-in code stands for. Good once, so a lost answer needs a new one."""

        def ask(secret: str) -> Json:
            asked = (
                ("appid", self._program.appid),
                ("secret", secret),
                ("js_code", code),
                ("grant_type", "authorization_code"),
            )
            return self._client.ask(Call.SESSION, "get", "sns/jscode2session", params=asked)

        answer = self._client.ask_with_secret(ask)
        return Identity(text_in(answer, "openid", Call.SESSION), answer.get("unionid") or None)

    def check_secret(self, secret: str) -> None:
        """That the platform knows `secret`. Raises `Misconfigured` when not."""
        self._client.fetch_token_with(secret)

    def phone(self, code: str, openid: str) -> str:
        """The mobile number that a phone code stands for; `openid` must be who it was given to.

        Good once. A number from abroad is refused: without its country it may look like one of
        ours. Raises `Rejected`.
        """
        path = "wxa/business/getuserphonenumber"
        asked = {"code": code, "openid": openid}
        answer = self._client.ask_with_token(Call.PHONE, "post", path, data=asked)
        told = _mapping(answer, "phone_info", Call.PHONE)
        if _mapping(told, "watermark", Call.PHONE).get("appid") != self.appid:
            raise Rejected(Call.PHONE, detail="手机号不是给这个小程序的。")
        if str(told.get("countryCode")) != MAINLAND:
            raise Rejected(Call.PHONE, detail="请使用中国大陆的手机号。")
        return text_in(told, "purePhoneNumber", Call.PHONE)

    def send(self, message: PhoneMessage) -> str:
        """Send one subscription message; answers the platform's id of it, "" if it gives none.

        Never repeated here: after `OutcomeUnknown` it may lie on the phone already.
        """
        answer = self._client.ask_with_token(
            Call.SEND, "post", "cgi-bin/message/subscribe/send", data=self._letter(message)
        )
        if "errcode" not in answer:
            raise unanswered(Call.SEND, BAD_BODY)
        return str(answer.get("msgid") or "")

    def templates(self) -> list[AccountTemplate]:
        """The account's templates. The platform allows few such calls a day."""
        answer = self._client.ask_with_token(Call.TEMPLATES, "get", "wxaapi/newtmpl/gettemplate")
        found = answer.get("data")
        if not isinstance(found, list):
            raise unanswered(Call.TEMPLATES, BAD_BODY)
        return [_template(each) for each in found]

    def picture(self, sign: Sign) -> CodePicture:
        """The picture of a code; asking twice for the same does no harm.

        Only of the released version can the platform tell whether it has the page.
        """
        asked = {
            "scene": sign.scene,
            "page": sign.page.value,
            "check_path": self.env_version == "release",
            "env_version": self.env_version,
        }
        path = "wxa/getwxacodeunlimit"
        answer = self._client.ask_with_token(Call.CODE_PICTURE, "post", path, data=asked)
        if PICTURE not in answer:
            raise unanswered(Call.CODE_PICTURE, BAD_BODY)
        return CodePicture(answer["media_type"], answer[PICTURE])

    def link(self, target: Target, form: LinkForm, expires_at: datetime) -> str:
        """An address that opens `target` until `expires_at`; asking twice makes two of them."""
        ends: dict[str, Any] = {
            "expire_type": AT_A_TIME,
            "expire_time": int(expires_at.timestamp()),
        }
        opened: dict[str, Any] = {"path": f"/{target.page}", "query": target.query}
        opened["env_version"] = self.env_version
        path, name, asked = "wxa/generate_urllink", "url_link", opened | ends
        if form is LinkForm.SCHEME:
            path, name = "wxa/generatescheme", "openlink"
            asked = {"jump_wxa": opened, "is_expire": True, **ends}
        return text_in(
            self._client.ask_with_token(Call.LINK, "post", path, data=asked), name, Call.LINK
        )

    def check_text(self, subject: Subject, content: str) -> Judgement:
        """What the platform thinks of at most 2,500 characters; asking twice does no harm.

        Without its verdict an answer is none: errcode 0 says nothing of the content.
        """
        asked = _of_subject(subject) | {"content": content}
        path = "wxa/msg_sec_check"
        answer = self._client.ask_with_token(Call.CHECK_TEXT, "post", path, data=asked)
        result = _mapping(answer, "result", Call.CHECK_TEXT)
        label = result.get("label")
        suggest = text_in(result, "suggest", Call.CHECK_TEXT)
        return Judgement(suggest, label if isinstance(label, int) else None)

    def check_picture(self, subject: Subject, url: str) -> str:
        """Have the picture at `url` judged; the verdict is pushed with the id that is answered."""
        asked = _of_subject(subject) | {"media_url": url, "media_type": PICTURE_TYPE}
        path = "wxa/media_check_async"
        answer = self._client.ask_with_token(Call.CHECK_FILE, "post", path, data=asked)
        return text_in(answer, "trace_id", Call.CHECK_FILE)

    def _letter(self, message: PhoneMessage) -> dict[str, Any]:
        return {
            "touser": message.openid,
            "template_id": message.template_id,
            "page": message.page,
            "data": {key: {"value": text} for key, text in message.fields.items()},
            "miniprogram_state": self._program.state,
            "lang": "zh_CN",
        }


def _of_subject(subject: Subject) -> dict[str, Any]:
    """Version 2 of both checks; the first one knows no people."""
    return {"version": 2, "openid": subject.openid, "scene": subject.scene}


def _template(told: object) -> AccountTemplate:
    if not isinstance(told, Mapping):
        raise unanswered(Call.TEMPLATES, BAD_BODY)
    return AccountTemplate(
        template_id=text_in(told, "priTmplId", Call.TEMPLATES),
        title=str(told.get("title", "")),
        is_long_term=str(told.get("type")) == str(LONG_TERM),
        fields=dict(_FIELD.findall(str(told.get("content", "")))),
    )


def _mapping(answer: Mapping[str, Any], name: str, call: Call) -> Mapping[str, Any]:
    """The object that an answer to `call` must hold; without it, it is no answer."""
    inner = answer.get(name)
    if not isinstance(inner, Mapping):
        raise unanswered(call, BAD_BODY)
    return inner
