"""推送的内容: one event or message of the platform, from JSON or XML to a small value."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import xmltodict

SENT = "subscribe_msg_sent_event"
SWITCHED = "subscribe_msg_change_event"
ANSWERED = "subscribe_msg_popup_event"
JUDGED = "wxa_media_check"
DELIVERED, REFUSED = "0", "reject"
NOT_TEXT: Mapping[str, str] = {
    "image": "［图片］",
    "voice": "［语音］",
    "video": "［视频］",
    "shortvideo": "［视频］",
    "location": "［位置］",
    "link": "［链接］",
    "miniprogrampage": "［小程序卡片］",
}
"""What stands for a message that is no text: its sender adds the file to the ticket."""

LONGEST = 2_000
"""So much of a message is kept, which is as much as a ticket may say."""

_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,10}")
_WORD = re.compile(r"[!-~]{1,256}")
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of one message that the platform had taken; `provider_id` is its msgid."""

    template_id: str
    provider_id: str
    is_delivered: bool


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What the platform thinks of a file that it was asked about, or why it thinks nothing."""

    trace_id: str
    errcode: int
    suggest: str
    label: int | None


@dataclass(frozen=True, slots=True)
class Push:
    """One event or message of one user; `sends` are the reports in a sent event.

    `created_at` is the platform's time of it, None when it says none. `refused` are the templates
    that the user switched off in the settings, `answers` what was answered in a popup: (template,
    result). `said` is what the user wrote to the service, `judged` a verdict about a file.

    `content` is all of it, to be read again by `read`; `identity` is the same for the same event.
    """

    event: str
    openid: str = field(repr=False)
    sends: tuple[SendReport, ...] = ()
    created_at: datetime | None = None
    refused: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    said: str = field(default="", repr=False)
    judged: FileVerdict | None = None
    content: str = field(default="", repr=False, compare=False)
    identity: str = field(default="", repr=False, compare=False)


def parsed(text: str) -> dict[str, Any]:
    """The object that JSON or XML holds. Raises what the libraries raise, and TypeError."""
    found = xmltodict.parse(text)["xml"] if text.lstrip().startswith("<") else json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def read(content: str, signed_at: str = "") -> Push:
    """The push in `content`, as sent or as `Push.content` keeps it.

    The platform tells the same thing again under another signature: a message is known by its
    number, an event by all that it says, its time among it. Without one of its own it is told apart
    by when it was signed (`signed_at`), so the same signed request is always the same push.
    """
    message = parsed(content)
    event = _word(message.get("Event")) or _word(message.get("MsgType"))
    openid, number = _word(message.get("FromUserName")), _word(message.get("MsgId"))
    created_at = _instant(_word(message.get("CreateTime")))
    whole = json.dumps(message, sort_keys=True)
    apart = "" if created_at else signed_at
    return Push(
        event,
        openid,
        sends=tuple(_sends(message)) if event == SENT and openid else (),
        created_at=created_at,
        refused=tuple(_refused(message)) if event == SWITCHED and openid else (),
        answers=tuple(_answers(message)) if event == ANSWERED and openid else (),
        said=_said(message) if openid else "",
        judged=_judged(message) if event == JUDGED else None,
        content=whole,
        identity=f"message {openid} {number}" if openid and number else f"{whole} {apart}",
    )


def _said(message: Mapping[str, Any]) -> str:
    kind, content = message.get("MsgType"), message.get("Content")
    if kind == "text":
        return _UNWRITTEN.sub("", content).strip()[:LONGEST] if isinstance(content, str) else ""
    return NOT_TEXT.get(kind, "") if isinstance(kind, str) else ""


def _judged(message: Mapping[str, Any]) -> FileVerdict | None:
    """None without an id, or of version 1, which says otherwise what it thinks."""
    trace_id, result = _word(message.get("trace_id")), message.get("result")
    if not trace_id:
        return None
    told = result if isinstance(result, dict) else {}
    errcode, label = _whole(message.get("errcode", 0)), _whole(told.get("label"))
    suggest = _word(told.get("suggest"))
    if errcode is None or (errcode == 0 and not suggest):
        return None
    return FileVerdict(trace_id, errcode, suggest, label)


def _whole(value: object) -> int | None:
    text = _word(value)
    return int(text) if _NUMBER.fullmatch(text) else None


def _instant(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if _SECONDS.fullmatch(seconds) else None


def _sends(message: Mapping[str, Any]) -> Iterator[SendReport]:
    names = ("TemplateId", "MsgID", "ErrorCode")
    for template_id, provider_id, code in _listed(message, "SubscribeMsgSentEvent", names):
        if template_id and provider_id and code:
            yield SendReport(template_id, provider_id, code == DELIVERED)


def _refused(message: Mapping[str, Any]) -> Iterator[str]:
    """What was switched off; of what was switched on the platform says nothing."""
    names = ("TemplateId", "SubscribeStatusString")
    for template_id, status in _listed(message, "SubscribeMsgChangeEvent", names):
        if template_id and status == REFUSED:
            yield template_id


def _answers(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = ("TemplateId", "SubscribeStatusString")
    for template_id, result in _listed(message, "SubscribeMsgPopupEvent", names):
        if template_id and result:
            yield template_id, result


def _listed(
    message: Mapping[str, Any], nest: str, names: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The words under `names` of each entry of an event's list; "" for a word that is none.

    JSON has the list at the top, XML one level down in `nest`; one entry is no list.
    """
    inner = message.get(nest)
    found = (inner if isinstance(inner, dict) else message).get("List")
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, dict):
            yield tuple(_word(entry.get(name)) for name in names)


def _word(value: object) -> str:
    """An identifier or a number as text; "" for what is neither."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _WORD.fullmatch(text) else ""
