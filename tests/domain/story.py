"""The usual course of a ticket: which actions lead where, with which facts, taken by whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.facts.acceptance import (
    Acceptance,
    FirstContact,
    Refusal,
    RefusalRuling,
    Supplement,
    SupplementNotice,
    Withdrawal,
)
from app.domain.facts.aftercare import Archiving, Rating, Receipt, RevisitCall
from app.domain.facts.coordination import Dispatch
from app.domain.facts.extension import ExtensionRequest, Ruling
from app.domain.facts.handling import Answer, Approval, Opinion, SignFor
from app.domain.facts.handover import HandedOver
from app.domain.facts.intake import Submission
from app.domain.facts.pressure import PressureCheck
from app.domain.facts.progress import Progress
from app.domain.facts.suspension import Resumption, SuspensionRequest
from app.domain.facts.unreasonable import Unreasonable
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import (
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    Status,
    SuspensionGround,
    TicketClass,
    UnreasonableGround,
)
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.calendars import CALENDAR

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)
"""A working Monday in office hours; the week after it is ordinary too."""

MINUTE = timedelta(minutes=1)

PROOF = 1
"""The file that proves the ground of a suspension; to be replaced where files are stored."""

_ANSWERED = (Act.ACCEPT, Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.RULE_REPLY)
_DELIVERED = (*_ANSWERED, Act.RECEIVE_FEEDBACK)
_REVISITED = (*_DELIVERED, Act.RECORD_REVISIT)

PATHS: Mapping[Status, tuple[Act, ...]] = {
    Status.SUBMITTED: (),
    Status.SUPPLEMENTING: (Act.REQUEST_SUPPLEMENT,),
    Status.ACCEPTED: (Act.ACCEPT,),
    Status.COORDINATING: _REVISITED,
    Status.HANDLING: (Act.ACCEPT, Act.DISPATCH),
    Status.SUSPENDED: (
        *(Act.ACCEPT, Act.DISPATCH),
        *(Act.REQUEST_SUSPENSION, Act.RULE_SUSPENSION),
    ),
    Status.FEEDBACK: _ANSWERED,
    Status.REVISITING: _DELIVERED,
    Status.EVALUATING: _REVISITED,
    Status.ARCHIVED: (*_REVISITED, Act.EVALUATE, Act.ARCHIVE),
    Status.REFUSED: (Act.PROPOSE_REFUSAL, Act.RULE_REFUSAL),
    Status.WITHDRAWN: (Act.WITHDRAW,),
}
"""The straight way to each status; `coordinating` comes of a revisit that finds it unsolved."""

SOLVED = RevisitCall(is_reached=True, outcome=RevisitOutcome.SOLVED, was_contacted=True)
UNSOLVED = RevisitCall(is_reached=True, outcome=RevisitOutcome.UNSOLVED, was_contacted=True)
UNREACHED = RevisitCall(is_reached=False, note="无人接听")
ANSWER = Answer(ResultCode.SOLVED, "已协调供电公司完成增容。", is_contacted=False)

USUAL: Mapping[Act, Any] = {
    Act.SUBMIT: Submission("厂区用电增容", "新生产线投产需要增加用电容量，请协调。"),
    Act.FIRST_CONTACT: FirstContact("已电话联系企业了解情况"),
    Act.ACCEPT: Acceptance(TicketClass.NORMAL, "utilities"),
    Act.PROPOSE_REFUSAL: Refusal(RefusalGround.OTHER_PROCEDURE, "已进入诉讼程序", "法院"),
    Act.RULE_REFUSAL: RefusalRuling(approved=True),
    Act.REQUEST_SUPPLEMENT: SupplementNotice(("用电合同", "增容申请表")),
    Act.SUPPLY: Supplement("材料已补齐"),
    Act.WITHDRAW: Withdrawal("问题已自行解决"),
    Act.SIGN_FOR: SignFor(),
    Act.GIVE_OPINION: Opinion("同意增容方案"),
    Act.REPLY: ANSWER,
    Act.RULE_REPLY: Approval(approved=True),
    Act.ANSWER_DIRECTLY: ANSWER,
    Act.REQUEST_EXTENSION: ExtensionRequest(2, "设备到货晚于计划", "到货后两日内装好"),
    Act.CONSENT_EXTENSION: Ruling(approved=True),
    Act.RULE_EXTENSION: Ruling(approved=True),
    Act.PROPOSE_UNREASONABLE: Unreasonable(
        UnreasonableGround.NO_LEGAL_BASIS, "所要求的补贴没有政策依据"
    ),
    Act.RULE_UNREASONABLE: Ruling(approved=True),
    Act.RECORD_PRESSURE_CHECK: PressureCheck(was_pressed=False, note="企业自愿撤回"),
    Act.RULE_SUSPENSION: Ruling(approved=True),
    Act.RESUME: Resumption("检测报告已出具"),
    Act.RECEIVE_FEEDBACK: Receipt(),
    Act.RECORD_REVISIT: SOLVED,
    Act.EVALUATE: Rating(5),
    Act.ARCHIVE: Archiving(),
    Act.HAND_OVER: HandedOver(housekeeper_id=9, handover_id=1),
}
"""Plain, valid facts of every action but those that name units or days."""

DOERS: Mapping[Act, str] = {
    Act.SUBMIT: "applicant",
    Act.FIRST_CONTACT: "housekeeper",
    Act.ACCEPT: "housekeeper",
    Act.PROPOSE_REFUSAL: "coordinator",
    Act.RULE_REFUSAL: "second_coordinator",
    Act.REQUEST_SUPPLEMENT: "housekeeper",
    Act.SUPPLY: "applicant",
    Act.WITHDRAW: "applicant",
    Act.DISPATCH: "coordinator",
    Act.SIGN_FOR: "handler",
    Act.GIVE_OPINION: "co_handler",
    Act.REPLY: "handler",
    Act.RULE_REPLY: "unit_approver",
    Act.ANSWER_DIRECTLY: "housekeeper",
    Act.REQUEST_EXTENSION: "handler",
    Act.CONSENT_EXTENSION: "unit_approver",
    Act.RULE_EXTENSION: "coordinator",
    Act.REPORT_PROGRESS: "handler",
    Act.PROPOSE_UNREASONABLE: "handler",
    Act.RULE_UNREASONABLE: "coordinator",
    Act.RECORD_PRESSURE_CHECK: "revisitor",
    Act.REQUEST_SUSPENSION: "unit_approver",
    Act.RULE_SUSPENSION: "coordinator",
    Act.RESUME: "coordinator",
    Act.RECEIVE_FEEDBACK: "applicant",
    Act.RECORD_REVISIT: "revisitor",
    Act.EVALUATE: "applicant",
    Act.ARCHIVE: "system",
    Act.REMIND: "system",
    Act.ISSUE_CARD: "system",
    Act.HAND_OVER: "system",
}
"""Who usually takes an action, by the name of the part."""


def usual_facts(action: Act, lead: int, co: int, at: datetime = MONDAY) -> Any:
    """The facts of `action` at `at` where the units `lead` and `co` handle."""
    if action is Act.DISPATCH:
        return Dispatch(lead, (co,), "请尽快办理")
    if action is Act.REPORT_PROGRESS:
        return Progress("设备已发货", CALENDAR.opening_after(at + timedelta(days=1)).date())
    if action is Act.REQUEST_SUSPENSION:
        return suspension(5, at)
    return USUAL[action]


def suspension(days: int, at: datetime, proof: int = PROOF) -> SuspensionRequest:
    """Asked for at `at`, to be looked at on the next working day."""
    day = CALENDAR.opening_after(at + timedelta(days=1)).date()
    return SuspensionRequest(SuspensionGround.TESTING, "变压器送检", days, day, (proof,))
