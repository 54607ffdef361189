"""The kinds of life that a ticket leads in the loaded data, and how often each is met.

Shares and delays are chosen to look like a city's year: most are answered in time, some late, some
twice; one in ten of all is open, of the latest four months every third.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.domain.facts.acceptance import (
    Acceptance,
    FirstContact,
    Refusal,
    RefusalRuling,
    Supplement,
    SupplementNotice,
    Withdrawal,
)
from app.domain.facts.aftercare import Rating, Receipt, RevisitCall
from app.domain.facts.coordination import Dispatch
from app.domain.facts.countersigning import Countersignature
from app.domain.facts.handling import Answer, Approval, Opinion, SignFor
from app.domain.facts.rectification import ReviewContact, ReviewVerdict
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.vocabulary import (
    Kind,
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    TicketClass,
)
from bench.cast import slot, text

CALM, LATE = 1.0, 2.2
"""How fast things go: in the usual time; so slowly that limits pass."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done next: by whom, with which facts, after so many days at the usual pace."""

    action: Act
    by: str
    given: Any
    after_days: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A life: its steps after the submission; `weight` of a hundred lives are like this."""

    weight: int
    steps: tuple[Step, ...]
    pace: float = CALM


DAYS: Mapping[TicketClass, float] = {
    TicketClass.CONSULT: 0.8,
    TicketClass.URGENT: 0.6,
    TicketClass.NORMAL: 4.0,
    TicketClass.COMPLEX: 14.0,
    TicketClass.ARREARS: 20.0,
}
"""How long the handling of each class takes at the usual pace."""

CLASSES: Mapping[TicketClass, int] = {
    TicketClass.CONSULT: 15,
    TicketClass.URGENT: 5,
    TicketClass.NORMAL: 60,
    TicketClass.COMPLEX: 15,
    TicketClass.ARREARS: 5,
}
KINDS = {TicketClass.CONSULT: Kind.CONSULTATION}
"""What a submission of this class calls itself; all others: a request."""

Steps: TypeAlias = tuple[Step, ...]

_SOLVED = Answer(
    ResultCode.SOLVED, "经现场核实并协调，问题已经解决，感谢您的反映。", is_contacted=False
)
_PARTLY = Answer(
    ResultCode.PARTLY,
    "已完成前期手续，其余部分列入年度计划，按节点推进并及时告知。",
    is_contacted=False,
    unsolved_reason="需要按程序立项",
    handling_note="已与相关科室会商",
)


def _call(outcome: RevisitOutcome, satisfaction: int) -> RevisitCall:
    return RevisitCall(
        is_reached=True,
        outcome=outcome,
        was_contacted=True,
        is_reply_true=True,
        is_clear=True,
        satisfaction=satisfaction,
        note="企业认可答复内容。",
    )


def _rated(level: int, *reasons: str) -> Step:
    return Step(Act.EVALUATE, "applicant", Rating(level, reasons, "办理及时"), 1.0)


_PUT_RIGHT: Steps = (
    Step(
        Act.RECORD_REVIEW_CONTACT,
        "coordinator",
        ReviewContact(is_reached=True, note="已电话致歉并了解情况。"),
        0.5,
    ),
    Step(
        Act.VERIFY_REVIEW,
        "coordinator",
        ReviewVerdict(Verdict.FIXED, "已督促单位改进，并向企业说明。"),
        2.0,
    ),
)
"""What follows a bad rating, before the ticket may rest."""

_CONTACT: Steps = (
    Step(Act.FIRST_CONTACT, "keeper", FirstContact("已电话联系企业，了解具体情况。"), 0.05),
)


def _accepted(after_days: float) -> Steps:
    """The class is put in when the life is drawn."""
    given = Acceptance(TicketClass.NORMAL, text("category"), "情况属实，属受理范围。")
    return (Step(Act.ACCEPT, "keeper", given, after_days),)


_DIRECT: Steps = (Step(Act.ANSWER_DIRECTLY, "keeper", _SOLVED, 1.0),)


def _dispatched(answer: Answer, *others: int) -> Steps:
    given = Dispatch(slot("lead"), others, "请按时办理并反馈结果。")
    opinion = (Step(Act.GIVE_OPINION, "co_handler", Opinion("本单位无不同意见。"), 0.2),)
    signature = (Step(Act.COUNTERSIGN, "co_handler", Countersignature(agrees=True), 0.1),)
    return (
        Step(Act.DISPATCH, "keeper", given, 0.1),
        Step(Act.SIGN_FOR, "lead_handler", SignFor(), 0.2),
        *(opinion if others else ()),
        Step(Act.REPLY, "lead_handler", answer, 0.6),
        *(signature if others else ()),
        Step(Act.RULE_REPLY, "lead_approver", Approval(approved=True), 0.1),
    )


def _aftercare(outcome: RevisitOutcome = RevisitOutcome.SOLVED, satisfaction: int = 5) -> Steps:
    return (
        Step(Act.RECEIVE_FEEDBACK, "applicant", Receipt(is_key_project=True), 0.1),
        Step(Act.RECORD_REVISIT, "revisitor", _call(outcome, satisfaction), 0.2),
    )


_ALONE = _dispatched(_SOLVED)
_TOGETHER = _dispatched(_PARTLY, slot("co"))
_BEGUN = (*_CONTACT, *_accepted(0.1))
_MATERIAL: Steps = (
    Step(
        Act.REQUEST_SUPPLEMENT,
        "keeper",
        SupplementNotice(("营业执照复印件", "现场照片")),
        0.1,
    ),
    Step(Act.SUPPLY, "applicant", Supplement("材料已补充，请查收。"), 0.5),
)
_OUT_OF_SCOPE: Steps = (
    Step(
        Act.PROPOSE_REFUSAL,
        "keeper",
        Refusal(RefusalGround.OTHER_PROCEDURE, "已进入诉讼程序，请依法解决。", "人民法院"),
        0.1,
    ),
    Step(Act.RULE_REFUSAL, "supervisor", RefusalRuling(approved=True, note="同意。"), 0.1),
)
_WITHDRAWN: Steps = (Step(Act.WITHDRAW, "applicant", Withdrawal("已自行解决。"), 0.3),)

PLOTS: tuple[Plot, ...] = (
    Plot(22, (*_BEGUN, *_DIRECT, *_aftercare(), _rated(5))),
    Plot(22, (*_BEGUN, *_ALONE, *_aftercare(), _rated(5))),
    Plot(10, (*_BEGUN, *_TOGETHER, *_aftercare(satisfaction=4), _rated(4))),
    Plot(9, (*_BEGUN, *_ALONE, *_aftercare())),
    Plot(7, (*_BEGUN, *_ALONE, *_aftercare(satisfaction=3), _rated(3)), LATE),
    Plot(
        4,
        (*_BEGUN, *_TOGETHER, *_aftercare(satisfaction=2), _rated(2, "时间太长"), *_PUT_RIGHT),
        LATE,
    ),
    Plot(4, (*_accepted(0.3), *_DIRECT, *_aftercare()), LATE),
    Plot(
        6,
        (
            *(*_BEGUN, *_ALONE, *_aftercare(RevisitOutcome.UNSOLVED, 2)),
            *(*_TOGETHER, *_aftercare(satisfaction=4), _rated(4)),
        ),
    ),
    Plot(6, (*_CONTACT, *_MATERIAL, *_accepted(0.1), *_DIRECT, *_aftercare(), _rated(5))),
    Plot(5, (*_CONTACT, *_OUT_OF_SCOPE)),
    Plot(3, (*_BEGUN, *_WITHDRAWN)),
    Plot(2, (*_BEGUN, *_TOGETHER[:2], *_WITHDRAWN)),
)
