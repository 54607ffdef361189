"""内容审核: what of what enterprises write and upload is judged, and what follows from a verdict.

Tables, no clock. A check hides and shows, no more: the ticket goes on as ever. Source: the domain,
section 10 (`review` and `risky` go to people, a complaint is never lost), and the platform's rules
for msg_sec_check and media_check_async, version 2.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any

from app.domain.permissions import Permission as Act
from app.domain.retry import Circuit, Failure

NOTICE = "内容审核中"
"""What others read in the place of a text or of the name of a file."""


class CheckState(StrEnum):
    """审核状态.

    Waiting for the platform, being asked, asked for a file and waiting for the push; passed; with
    people; released or held back by them; nothing to check.
    """

    WAITING = "waiting"
    ASKING = "asking"
    ASKED = "asked"
    PASSED = "passed"
    REFERRED = "referred"
    RELEASED = "released"
    HELD_BACK = "held_back"
    EXEMPT = "exempt"


SHOWN = frozenset({CheckState.PASSED, CheckState.RELEASED, CheckState.EXEMPT})
VEILED = frozenset(CheckState) - SHOWN
"""States in which others read the notice instead."""

UNDECIDED = VEILED - {CheckState.HELD_BACK}


class Cause(StrEnum):
    """转人工的原因."""

    REVIEW = "review"
    RISKY = "risky"
    OUTAGE = "outage"
    NO_RESULT = "no_result"
    NO_OPENID = "no_openid"
    INACTIVE = "inactive"
    REFUSED = "refused"
    NO_ADDRESS = "no_address"
    UNREADABLE = "unreadable"
    CONFIDENTIAL = "confidential"
    APPEAL = "appeal"


class Ruling(StrEnum):
    """人工结论."""

    RELEASE = "release"
    HOLD_BACK = "hold_back"


RULED: Mapping[Ruling, CheckState] = {
    Ruling.RELEASE: CheckState.RELEASED,
    Ruling.HOLD_BACK: CheckState.HELD_BACK,
}

STATE_LABELS: Mapping[CheckState, str] = {
    CheckState.WAITING: "待送审",
    CheckState.ASKING: "送审中",
    CheckState.ASKED: "等待审核结果",
    CheckState.PASSED: "通过",
    CheckState.REFERRED: "待人工审核",
    CheckState.RELEASED: "人工放行",
    CheckState.HELD_BACK: "不予显示",
    CheckState.EXEMPT: "无须审核",
}
CAUSE_LABELS: Mapping[Cause, str] = {
    Cause.REVIEW: "平台建议人工审核",
    Cause.RISKY: "平台认为有风险",
    Cause.OUTAGE: "平台接口长时间不可用",
    Cause.NO_RESULT: "平台没有按时给出结果",
    Cause.NO_OPENID: "提交人没有绑定微信，平台不能审核",
    Cause.INACTIVE: "提交人近两小时没有使用小程序，平台不能审核",
    Cause.REFUSED: "平台没有接受送审",
    Cause.NO_ADDRESS: "没有设置对外地址，平台取不到图片",
    Cause.UNREADABLE: "平台取不到图片",
    Cause.CONFIDENTIAL: "保密诉求不送平台，由人工审核",
    Cause.APPEAL: "提交人申诉",
}

TEXTS: Mapping[Act, tuple[str, ...]] = {
    Act.SUBMIT: ("title", "body"),
    Act.SUPPLY: ("answer",),
    Act.SUPPLY_DEFERRED: ("answer",),
    Act.CONFIRM_CONTACT: ("note",),
    Act.COMMENT: ("text",),
    Act.WITHDRAW: ("reason",),
    Act.URGE: ("reason",),
    Act.OBJECT: ("reason",),
    Act.EVALUATE: ("reasons", "comment"),
    Act.REQUEST_PURGE: ("reason",),
}
"""Where in an event stands what people of an enterprise write and others of it read."""

REPEATING: Mapping[Act, Act] = {Act.RULE_PURGE: Act.REQUEST_PURGE}
"""Acts whose events say again what was written with another one."""


class Scene(IntEnum):
    """场景值 of the platform: a comment, or an entry of its own."""

    COMMENT = 2
    FORUM = 3


PICTURES = ("image/jpeg", "image/png")
"""What the platform judges of what may be attached; it reads no documents."""

PICTURE = 2
"""The platform's number for a picture; 1 is sound, and nobody can attach that."""


def scene_of(action: Act) -> Scene:
    """A new ticket is an entry, whatever is said to it a comment."""
    return Scene.FORUM if action is Act.SUBMIT else Scene.COMMENT


def said_in(action: Act, facts: Mapping[str, Any]) -> list[str]:
    """The texts of an event, as far as there are any."""
    return [text for name in TEXTS.get(action, ()) for text in _texts(facts.get(name))]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return (
        [each for one in value for each in _texts(one)] if isinstance(value, list | tuple) else []
    )


LONGEST = 2_500
"""What the platform takes at once; whether it counts an emoji once or twice is not said."""

OVERLAP = 50
"""So much of one part is said again in the next: no word is cut where nobody would see it."""


def parts_of(text: str) -> Iterator[str]:
    """`text` in parts that the platform takes, counted as UTF-16 does. Nothing of "" is nothing."""
    begin = 0
    while begin < len(text):
        end, room = begin, LONGEST
        while end < len(text) and room >= _units(text[end]):
            room -= _units(text[end])
            end += 1
        yield text[begin:end]
        begin = end if end == len(text) else end - OVERLAP


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the platform says: pass, review or risky, and its number for why."""

    suggest: str
    label: int | None = None


PASS, RISKY = "pass", "risky"
_WORST = {PASS: 0, "review": 1, RISKY: 2}


def worst(judgements: Sequence[Judgement]) -> Judgement:
    """Of the parts of one text the worst; a word that is not known is worse than a pass."""
    return max(judgements, key=lambda one: _WORST.get(one.suggest, 1))


@dataclass(frozen=True, slots=True)
class Following:
    """What follows. While waiting, again after `delay`, or once the circuit it halts closes."""

    state: CheckState
    cause: Cause | None = None
    delay: timedelta = timedelta(0)
    halts: Circuit | None = None


PATIENCE = timedelta(hours=1)
"""So long the platform may fail. After two hours the writer would count as inactive."""

PUSHED_WITHIN = timedelta(minutes=45)
"""The platform promises a result about a file within half an hour."""

DOWNLOADS = 3
"""So often the platform is given a new link to a file that it could not fetch."""

WAITS = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300))
REST, ALERTED = timedelta(minutes=1), timedelta(minutes=10)
INACTIVE = 61010


def after_judgement(judgement: Judgement) -> Following:
    """Only a pass is a pass; errcode 0 says nothing, and what is not known goes to people."""
    if judgement.suggest == PASS:
        return Following(CheckState.PASSED)
    cause = Cause.RISKY if judgement.suggest == RISKY else Cause.REVIEW
    return Following(CheckState.REFERRED, cause)


def after_failure(failure: Failure, tries: int, circuit: Circuit) -> Following:
    """What becomes of a check that the platform did not carry out at try number `tries`.

    Asking twice does no harm, so what nobody knows is asked again.
    """
    if failure.errcode == INACTIVE:
        return Following(CheckState.REFERRED, Cause.INACTIVE)
    if failure.action in _RESTS:
        halted = Circuit.TOKEN if failure.is_of_token else circuit
        return Following(CheckState.WAITING, delay=_RESTS[failure.action], halts=halted)
    if failure.action in _AGAIN:
        return Following(CheckState.WAITING, delay=WAITS[min(tries, len(WAITS)) - 1])
    return Following(CheckState.REFERRED, Cause.REFUSED)


_RESTS: Mapping[str, timedelta] = {"backoff": REST, "alert": ALERTED, "refresh_token": ALERTED}
_AGAIN = frozenset({"retry", "unknown"})


def after_push(errcode: int, judgement: Judgement, tries: int) -> Following:
    """What the push about a file says: a verdict, or that the file could not be fetched."""
    if errcode == 0:
        return after_judgement(judgement)
    if tries < DOWNLOADS:
        return Following(CheckState.WAITING, delay=WAITS[0])
    return Following(CheckState.REFERRED, Cause.UNREADABLE)
