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
from app.domain.facts.closing import Closure
from app.domain.facts.coordination import Dispatch
from app.domain.facts.handling import Answer, Approval, Opinion, SignFor
from app.domain.facts.handover import HandedOver
from app.domain.facts.intake import Submission
from app.domain.facts.merging import AnswerOfParent, FollowParent, MergeInto, Parent, Unmerge
from app.domain.facts.rectification import ReviewContact, ReviewVerdict, SetAsideRuling
from app.domain.facts.rework import Objection, ReworkOrder
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.ticket_records import Reply
from app.domain.vocabulary import (
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    Status,
    TicketClass,
)
from app.domain.work_calendar import LOCAL_ZONE

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)
"""A working Monday in office hours; the week after it is ordinary too."""

MINUTE = timedelta(minutes=1)

_ANSWERED = (Act.ACCEPT, Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.RULE_REPLY)
_DELIVERED = (*_ANSWERED, Act.RECEIVE_FEEDBACK)
_REVISITED = (*_DELIVERED, Act.RECORD_REVISIT)

PATHS: Mapping[Status, tuple[Act, ...]] = {
    Status.SUBMITTED: (),
    Status.SUPPLEMENTING: (Act.REQUEST_SUPPLEMENT,),
    Status.ACCEPTED: (Act.ACCEPT,),
    Status.COORDINATING: _REVISITED,
    Status.HANDLING: (Act.ACCEPT, Act.DISPATCH),
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

PARENT = Parent(99, "AS20260601-000099", 21, Status.HANDLING)
PASSED_ON = Reply(
    round=1,
    organisation_id=None,
    result_code=ResultCode.SOLVED,
    answer="已协调供电公司完成增容。",
    handling_note="现场踏勘",
    is_contacted=False,
    contacted_at=None,
    is_claim_true=True,
    unsolved_reason=None,
    drafted_by=8,
    drafted_at=MONDAY,
    released_by=9,
    released_at=MONDAY,
)

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
    Act.RECEIVE_FEEDBACK: Receipt(),
    Act.RECORD_REVISIT: SOLVED,
    Act.EVALUATE: Rating(5),
    Act.OBJECT: Objection("现场并未施工"),
    Act.ORDER_REWORK: ReworkOrder("抽查发现答复与现场不符"),
    Act.RECORD_REVIEW_CONTACT: ReviewContact(is_reached=True, note="已电话联系"),
    Act.VERIFY_REVIEW: ReviewVerdict(Verdict.FIXED, "已补办并送电"),
    Act.RULE_SET_ASIDE: SetAsideRuling(approved=True, note="评价对象有误"),
    Act.ARCHIVE: Archiving(),
    Act.MERGE: MergeInto(PARENT, "同一事项"),
    Act.UNMERGE: Unmerge("两件事项不同"),
    Act.FOLLOW_PARENT: FollowParent(PARENT),
    Act.FORWARD_ANSWER: AnswerOfParent(PASSED_ON),
    Act.CLOSE: Closure("企业书面表示无需评价"),
    Act.HAND_OVER: HandedOver(housekeeper_id=9, handover_id=1),
}
"""Plain, valid facts of every action but the dispatch, which names units."""

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
    Act.RECEIVE_FEEDBACK: "applicant",
    Act.RECORD_REVISIT: "revisitor",
    Act.EVALUATE: "applicant",
    Act.OBJECT: "applicant",
    Act.ORDER_REWORK: "supervisor",
    Act.RECORD_REVIEW_CONTACT: "second_coordinator",
    Act.VERIFY_REVIEW: "second_coordinator",
    Act.RULE_SET_ASIDE: "supervisor",
    Act.ARCHIVE: "system",
    Act.MERGE: "coordinator",
    Act.UNMERGE: "coordinator",
    Act.FOLLOW_PARENT: "system",
    Act.FORWARD_ANSWER: "system",
    Act.CLOSE: "supervisor",
    Act.REMIND: "system",
    Act.ISSUE_CARD: "system",
    Act.HAND_OVER: "system",
}
"""Who usually takes an action, by the name of the part."""


def usual_facts(action: Act, lead: int, co: int) -> Any:
    """The facts of `action` where the units `lead` and `co` handle."""
    if action is Act.DISPATCH:
        return Dispatch(lead, (co,), "请尽快办理")
    return USUAL[action]
