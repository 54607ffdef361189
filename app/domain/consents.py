"""订阅征询: which messages a person should consent to, when to ask, and what to say.

A one-time consent is one message, and a client may ask only when the person taps. So everybody
should hold one consent for each kind of message that may come, and more where more is on its way.
Source: the platform's rules of subscription messages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from app.domain.actor import ENTERPRISE_ROLES, Role
from app.domain.phone_forms import FORMS, Template
from app.domain.vocabulary import Status

AT_ONCE = 5
"""So many templates may be asked for in one call; the platform never mixes the two types."""

HELD_AT_MOST = 5
"""More consents than this are not asked for, however much is on its way."""

HELD_BY_OFFICIALS = 3
"""Officials are told of many tickets, and nobody knows how many."""

QUIET = timedelta(days=1)
"""Who has just declined is left alone for so long."""


class ConsentAnswer(StrEnum):
    """What the platform reports about one template of a popup."""

    ACCEPT = "accept"
    REJECT = "reject"
    BAN = "ban"
    FILTER = "filter"


class Need(IntEnum):
    """How soon a message may come; the lower, the sooner."""

    NEXT = 1
    LATER = 2
    SOME_DAY = 3


@dataclass(frozen=True, slots=True)
class Want:
    """A template that matters to a person: how soon, how many consents to hold, what it is for."""

    template: Template
    need: Need
    count: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger knows of a person and a template. `is_standing`: a long-term consent.

    `is_refused`: the platform itself has said so, and nothing else since.
    """

    remaining: int = 0
    is_standing: bool = False
    answer: ConsentAnswer | None = None
    answered_at: datetime | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to ask now, and the sentence that says why or why not."""

    ask: bool
    reason: str


_T = Template

ENTERPRISE: Mapping[Template, str] = {
    _T.ACCEPTED: "诉求受理后，通知您办结时限",
    _T.SUPPLEMENT: "需要补正材料时，及时提醒您",
    _T.REFUSED: "如不予受理，告知您理由和办理渠道",
    _T.FEEDBACK: "诉求有办理结果时，通知您查看",
    _T.EVALUATION: "诉求办结后，请您评价",
}
"""What an enterprise may be told, by the course of a ticket."""

COMING: Mapping[Status, Mapping[Template, Need]] = {
    Status.SUBMITTED: {
        _T.ACCEPTED: Need.NEXT,
        _T.SUPPLEMENT: Need.NEXT,
        _T.REFUSED: Need.NEXT,
        _T.FEEDBACK: Need.LATER,
        _T.EVALUATION: Need.LATER,
    },
    Status.SUPPLEMENTING: {
        _T.SUPPLEMENT: Need.NEXT,
        _T.ACCEPTED: Need.LATER,
        _T.REFUSED: Need.LATER,
        _T.FEEDBACK: Need.LATER,
        _T.EVALUATION: Need.LATER,
    },
    Status.ACCEPTED: {_T.FEEDBACK: Need.NEXT, _T.EVALUATION: Need.LATER},
    Status.COORDINATING: {_T.FEEDBACK: Need.NEXT, _T.EVALUATION: Need.LATER},
    Status.HANDLING: {_T.FEEDBACK: Need.NEXT, _T.EVALUATION: Need.LATER},
    Status.SUSPENDED: {_T.FEEDBACK: Need.LATER, _T.EVALUATION: Need.LATER},
    Status.FEEDBACK: {_T.EVALUATION: Need.NEXT},
    Status.REVISITING: {_T.EVALUATION: Need.NEXT},
    Status.EVALUATING: {_T.EVALUATION: Need.NEXT},
}
"""What a ticket of each status may yet bring to its enterprise; nothing once it is over."""

_TODO = {_T.TODO: "有新的待办时，通知您处理"}
_WATCH = {_T.OVERDUE: "诉求超期时，提醒您督促"}
_DEADLINES = {
    _T.DUE_SOON: "办理期限临近时，提醒您",
    _T.OVERDUE: "办理超期时，提醒您",
}
_DIGEST = {_T.DIGEST: "提醒较多或在下班后时，合并为一条告诉您"}
_RESULT = {_T.FEEDBACK: "所服务企业的诉求有了结果时，通知您"}

OFFICIALS: Mapping[Role, Mapping[Template, str]] = {
    Role.HOUSEKEEPER: _TODO | _DEADLINES | _RESULT | _DIGEST,
    Role.COORDINATOR: _TODO | _DEADLINES | _DIGEST,
    Role.HANDLER: _TODO | _DEADLINES | _DIGEST,
    Role.CO_HANDLER: _TODO | _DEADLINES | _DIGEST,
    Role.UNIT_APPROVER: _TODO | _DEADLINES | _DIGEST,
    Role.REVISITOR: _TODO | _DEADLINES | _DIGEST,
    Role.SUPERVISOR: _TODO | _WATCH | _DIGEST,
}
"""What officials may be told, the most frequent first. Roles that are told nothing are not here."""

_DECLINED: Mapping[ConsentAnswer, str] = {
    ConsentAnswer.REJECT: "您刚刚选择了不接收，一天内不再询问。",
    ConsentAnswer.BAN: "微信已停用这个消息模板，暂不能订阅。",
    ConsentAnswer.FILTER: "微信没有显示这个消息模板，暂不再询问。",
}

_SWITCHED_OFF = (
    "微信告知，您已在设置中关闭这类消息；如要接收，请点小程序右上角的“…”，"
    "在“设置”的“通知管理”中重新打开。"
)


def wants(role: Role, open_tickets: Mapping[Status, int]) -> list[Want]:
    """The templates that matter to a person in `role`, the soonest first.

    `open_tickets`: how many of the enterprise's own tickets there are by status; officials are
    told of others' tickets, theirs do not count.
    """
    if role not in ENTERPRISE_ROLES:
        return [
            Want(template, Need.NEXT, HELD_BY_OFFICIALS, f"{purpose}。")
            for template, purpose in OFFICIALS.get(role, {}).items()
        ]
    found = [_for_enterprise(*entry, open_tickets) for entry in ENTERPRISE.items()]
    return sorted(found, key=lambda want: want.need)


def _for_enterprise(template: Template, purpose: str, open_tickets: Mapping[Status, int]) -> Want:
    bringing = [status for status, coming in COMING.items() if template in coming]
    tickets = sum(open_tickets.get(status, 0) for status in bringing)
    if not tickets:
        return Want(template, Need.SOME_DAY, 1, f"{purpose}。")
    need = min(COMING[status][template] for status in bringing if open_tickets.get(status))
    count = min(tickets + _serves_several(template), HELD_AT_MOST)
    return Want(template, need, count, f"{purpose}（{tickets} 件诉求会用到）。")


def _serves_several(template: Template) -> bool:
    """A ticket may bring several kinds of a template, each of which takes a consent of its own."""
    return len({form.rank for form in FORMS.values() if form.template is template}) > 1


def judge(want: Want, held: Held, *, is_long_term: bool, at: datetime) -> Verdict:
    """Whether to ask for the template now. `at` is real time, as the answers are.

    Who refused in the platform's settings and did not say so just now may be back: the platform
    tells of refusals there, never of consents.
    """
    if held.is_standing:
        return Verdict(ask=False, reason="您已同意长期接收。")
    if not is_long_term and held.remaining >= want.count:
        return Verdict(ask=False, reason=f"还可接收 {held.remaining} 条，暂不需要再同意。")
    declined = _DECLINED.get(held.answer) if held.answer else None
    if declined and held.answered_at and at - held.answered_at < QUIET:
        return Verdict(ask=False, reason=_SWITCHED_OFF if held.is_refused else declined)
    return Verdict(ask=True, reason=want.purpose + _SWITCHED_OFF * held.is_refused)


def in_one_call(wanted: Iterable[tuple[str, bool]]) -> list[str]:
    """Of (template id, is long-term), the most needed first, those that one popup may ask for."""
    listed = list(wanted)
    return [key for key, is_long_term in listed if is_long_term == listed[0][1]][:AT_ONCE]
