"""督办的状态: what may be done to a card, an order and a letter. Read the tables.

Source: domain, 4.4 (supervision ladder) and 7 (reminder letter).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Conflict


class CardState(StrEnum):
    """黄牌、红牌的状态."""

    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    VOID = "void"


class OrderState(StrEnum):
    """督办单的状态."""

    SUBMITTED = "submitted"
    ISSUED = "issued"
    RETURN_ASKED = "return_asked"
    AWAITING_REVIEW = "awaiting_review"
    DONE = "done"
    CLOSED = "closed"


class LetterState(StrEnum):
    """提醒函的状态."""

    SUGGESTED = "suggested"
    SENT = "sent"
    REPLIED = "replied"
    CLOSED = "closed"


class Deed(StrEnum):
    """What may be done to any of them."""

    EXPLAIN = "explain"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    VOID = "void"
    PROPOSE = "propose"
    ISSUE = "issue"
    REPLY = "reply"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    DENY_RETURN = "deny_return"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    SEND = "send"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Flow:
    """A table of deeds: from which states each leads where; None: it stays."""

    noun: str
    labels: Mapping[str, str]
    steps: Mapping[Deed, tuple[tuple[str, ...], str | None]]

    def after(self, state: str, deed: Deed) -> str:
        """The state that `deed` leads to. Raises `SupervisionStateForbids`."""
        sources, target = self.steps[deed]
        if state not in sources:
            raise SupervisionStateForbids(f"{self.noun}“{self.labels[state]}”，不能进行这一操作。")
        return target or state


class SupervisionStateForbids(Conflict):
    """当前的状态不允许这一操作。"""

    code = "supervision-state"


_C, _O, _L, _D = CardState, OrderState, LetterState, Deed

CARDS = Flow(
    "该牌",
    {_C.STANDING: "有效", _C.APPEALED: "申诉中", _C.UPHELD: "维持", _C.VOID: "作废"},
    {
        _D.EXPLAIN: ((_C.STANDING, _C.APPEALED), None),
        _D.APPEAL: ((_C.STANDING,), _C.APPEALED),
        _D.UPHOLD: ((_C.APPEALED,), _C.UPHELD),
        _D.VOID: ((_C.APPEALED,), _C.VOID),
    },
)

ORDERS = Flow(
    "督办单",
    {
        _O.SUBMITTED: "待签发",
        _O.ISSUED: "已签发",
        _O.RETURN_ASKED: "申请退回",
        _O.AWAITING_REVIEW: "待审核",
        _O.DONE: "已完成",
        _O.CLOSED: "已关闭",
    },
    {
        _D.ISSUE: ((_O.SUBMITTED,), _O.ISSUED),
        _D.REPLY: ((_O.ISSUED,), _O.AWAITING_REVIEW),
        _D.ASK_RETURN: ((_O.ISSUED,), _O.RETURN_ASKED),
        _D.GRANT_RETURN: ((_O.RETURN_ASKED,), _O.CLOSED),
        _D.DENY_RETURN: ((_O.RETURN_ASKED,), _O.ISSUED),
        _D.ACCEPT: ((_O.AWAITING_REVIEW,), _O.DONE),
        _D.SEND_BACK: ((_O.AWAITING_REVIEW,), _O.ISSUED),
        _D.CLOSE: (
            (_O.SUBMITTED, _O.ISSUED, _O.RETURN_ASKED, _O.AWAITING_REVIEW, _O.DONE),
            _O.CLOSED,
        ),
    },
)

LETTERS = Flow(
    "提醒函",
    {_L.SUGGESTED: "建议发出", _L.SENT: "已发出", _L.REPLIED: "已回复", _L.CLOSED: "已办结"},
    {
        _D.SEND: ((_L.SUGGESTED,), _L.SENT),
        _D.REPLY: ((_L.SENT,), _L.REPLIED),
        _D.CLOSE: ((_L.SUGGESTED, _L.REPLIED), _L.CLOSED),
    },
)
"""A letter that was sent is closed once it is answered, and not before."""

DEED_LABELS: Mapping[Deed, str] = {
    _D.EXPLAIN: "说明原因",
    _D.APPEAL: "申诉",
    _D.UPHOLD: "维持",
    _D.VOID: "作废",
    _D.PROPOSE: "提出",
    _D.ISSUE: "签发",
    _D.REPLY: "回复",
    _D.ASK_RETURN: "申请退回",
    _D.GRANT_RETURN: "同意退回",
    _D.DENY_RETURN: "不同意退回",
    _D.ACCEPT: "审核通过",
    _D.SEND_BACK: "审核退回",
    _D.SEND: "发出",
    _D.CLOSE: "关闭",
}
