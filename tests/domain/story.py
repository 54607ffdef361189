"""The usual course of a ticket: which actions lead where, with which facts, taken by whom."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.facts.acceptance import (
    Acceptance,
    ContactConfirmation,
    FirstContact,
    LateItem,
    Refusal,
    RefusalRuling,
    Supplement,
    SupplementLapse,
    SupplementNotice,
    Withdrawal,
)
from app.domain.facts.aftercare import Archiving, Rating, RevisitCall
from app.domain.facts.closing import Closure
from app.domain.facts.commenting import Comment
from app.domain.facts.coordination import Dispatch, TransferOut
from app.domain.facts.countersigning import Countersignature
from app.domain.facts.deferral import DeferralFailure, DeferredMaterial
from app.domain.facts.escalation import Escalation
from app.domain.facts.extension import ExtensionRequest, Ruling
from app.domain.facts.handling import Answer, Approval, Opinion, SignFor
from app.domain.facts.handover import HandedOver
from app.domain.facts.intake import Submission
from app.domain.facts.joint_meeting import JointMeeting, MeetingAction, MeetingConclusion
from app.domain.facts.meeting_tasks import TaskDone
from app.domain.facts.merging import AnswerOfParent, FollowParent, MergeInto, Parent, Unmerge
from app.domain.facts.pressure import PressureCheck
from app.domain.facts.progress import Progress
from app.domain.facts.purging import PurgeRequest
from app.domain.facts.rectification import ReviewContact, ReviewVerdict, SetAsideRuling
from app.domain.facts.reminding import DayReminding
from app.domain.facts.retarget import Retargeting
from app.domain.facts.returning import (
    Conclusion,
    Convening,
    ReturnConsent,
    ReturnRequest,
    ReturnRuling,
)
from app.domain.facts.rework import Objection, ReworkOrder
from app.domain.facts.suspension import Resumption, SuspensionRequest
from app.domain.facts.tracking import Tracking, TrackingEnd, TrackingReview
from app.domain.facts.unreasonable import Unreasonable
from app.domain.facts.urging import Urge
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.ticket_records import Reply
from app.domain.vocabulary import (
    EscalationCause,
    RefusalGround,
    ResultCode,
    ReturnGround,
    RevisitOutcome,
    Status,
    SuspensionGround,
    TicketClass,
    UnreasonableGround,
)
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.calendars import CALENDAR
from tests.domain.lots import RECEIPTS

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)
"""A working Monday in office hours; the week after it is ordinary too."""

MINUTE = timedelta(minutes=1)

OWNER = 8
"""Who owns what is tracked open; to be replaced where accounts are stored."""

PROOF = 1
"""The file that proves the ground of a suspension; to be replaced where files are stored."""

_ANSWERED = (Act.ACCEPT, Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY)
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
SECOND_NOTICE = SupplementNotice(
    ("法人授权书",), (LateItem(was_visible_at_first=False, reason="补正后才发现经办人有变更"),)
)
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
    Act.CONFIRM_CONTACT: ContactConfirmation(was_contacted=True),
    Act.ACCEPT: Acceptance(TicketClass.NORMAL, "utilities"),
    Act.PROPOSE_REFUSAL: Refusal(RefusalGround.OTHER_PROCEDURE, "已进入诉讼程序", "法院"),
    Act.RULE_REFUSAL: RefusalRuling(approved=True),
    Act.REQUEST_SUPPLEMENT: SupplementNotice(("用电合同", "增容申请表")),
    Act.SUPPLY: Supplement("材料已补齐"),
    Act.LAPSE_SUPPLEMENT: SupplementLapse(),
    Act.WITHDRAW: Withdrawal("问题已自行解决"),
    Act.URGE: Urge("设备下周进场"),
    Act.COMMENT: Comment("二期的用电清单已经定下来"),
    Act.SUPPLY_DEFERRED: DeferredMaterial("环评批复已补齐"),
    Act.FAIL_DEFERRAL: DeferralFailure("承诺日期已过"),
    Act.TRANSFER_OUT: TransferOut("鞍山市工业和信息化局", "按管辖由市级部门办理"),
    Act.CONSENT_RETURN: ReturnConsent(agrees=True),
    Act.ESCALATE: Escalation(3, EscalationCause.POLICY_GAP, "会商未能形成一致意见"),
    Act.COMPLETE_MEETING_TASK: TaskDone(1, "管线已迁改完毕"),
    Act.REMIND_OF_DAY: DayReminding(1),
    Act.END_TRACKING: TrackingEnd("专项资金已下达"),
    Act.SIGN_FOR: SignFor(),
    Act.GIVE_OPINION: Opinion("同意增容方案"),
    Act.REPLY: ANSWER,
    Act.COUNTERSIGN: Countersignature(agrees=True),
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
    Act.RECEIVE_FEEDBACK: RECEIPTS[0],
    Act.RECORD_REVISIT: SOLVED,
    Act.EVALUATE: Rating(5),
    Act.OBJECT: Objection("现场并未施工"),
    Act.ORDER_REWORK: ReworkOrder("抽查发现答复与现场不符"),
    Act.RECORD_REVIEW_CONTACT: ReviewContact(is_reached=True, note="已电话联系"),
    Act.VERIFY_REVIEW: ReviewVerdict(Verdict.FIXED, "已补办并送电"),
    Act.RULE_SET_ASIDE: SetAsideRuling(approved=True, note="评价对象有误"),
    Act.ARCHIVE: Archiving(),
    Act.RETARGET: Retargeting("经会商认定为疑难诉求", TicketClass.HARD),
    Act.MERGE: MergeInto(PARENT, "同一事项"),
    Act.UNMERGE: Unmerge("两件事项不同"),
    Act.FOLLOW_PARENT: FollowParent(PARENT),
    Act.FORWARD_ANSWER: AnswerOfParent(PASSED_ON),
    Act.CLOSE: Closure("企业书面表示无需评价"),
    Act.HAND_OVER: HandedOver(housekeeper_id=9, handover_id=1),
    Act.REQUEST_PURGE: PurgeRequest((PROOF,), "合同含商业秘密，误传"),
    Act.RULE_PURGE: Ruling(approved=True),
}
"""Plain, valid facts of every action but those that name units or days."""

DOERS: Mapping[Act, str] = {
    Act.SUBMIT: "applicant",
    Act.FIRST_CONTACT: "housekeeper",
    Act.CONFIRM_CONTACT: "applicant",
    Act.ACCEPT: "housekeeper",
    Act.PROPOSE_REFUSAL: "coordinator",
    Act.RULE_REFUSAL: "second_coordinator",
    Act.REQUEST_SUPPLEMENT: "housekeeper",
    Act.SUPPLY: "applicant",
    Act.LAPSE_SUPPLEMENT: "system",
    Act.WITHDRAW: "applicant",
    Act.URGE: "applicant",
    Act.COMMENT: "applicant",
    Act.DISPATCH: "coordinator",
    Act.SUPPLY_DEFERRED: "applicant",
    Act.FAIL_DEFERRAL: "housekeeper",
    Act.TRANSFER_OUT: "coordinator",
    Act.REQUEST_RETURN: "handler",
    Act.CONSENT_RETURN: "unit_approver",
    Act.RULE_RETURN: "coordinator",
    Act.CONVENE: "coordinator",
    Act.CONCLUDE_CONSULTATION: "coordinator",
    Act.ESCALATE: "supervisor",
    Act.CONVENE_JOINT_MEETING: "supervisor",
    Act.TRACK_OPEN: "supervisor",
    Act.END_TRACKING: "supervisor",
    Act.REVIEW_TRACKING: "handler",
    Act.COMPLETE_MEETING_TASK: "handler",
    Act.REMIND_OF_DAY: "system",
    Act.CONCLUDE_JOINT_MEETING: "supervisor",
    Act.SIGN_FOR: "handler",
    Act.GIVE_OPINION: "co_handler",
    Act.REPLY: "handler",
    Act.COUNTERSIGN: "co_handler",
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
    Act.OBJECT: "applicant",
    Act.ORDER_REWORK: "supervisor",
    Act.RECORD_REVIEW_CONTACT: "second_coordinator",
    Act.VERIFY_REVIEW: "second_coordinator",
    Act.RULE_SET_ASIDE: "supervisor",
    Act.ARCHIVE: "system",
    Act.RETARGET: "coordinator",
    Act.MERGE: "coordinator",
    Act.UNMERGE: "coordinator",
    Act.FOLLOW_PARENT: "system",
    Act.FORWARD_ANSWER: "system",
    Act.CLOSE: "supervisor",
    Act.REMIND: "system",
    Act.ISSUE_CARD: "system",
    Act.HAND_OVER: "system",
    Act.REQUEST_PURGE: "applicant",
    Act.RULE_PURGE: "supervisor",
}
"""Who usually takes an action, by the name of the part."""


def _tomorrow(at: datetime) -> date:
    return CALENDAR.opening_after(at + timedelta(days=1)).date()


NAMING: Mapping[Act, Callable[[int, int, datetime], Any]] = {
    Act.DISPATCH: lambda lead, co, _: Dispatch(lead, (co,), "请尽快办理"),
    Act.REQUEST_RETURN: lambda _, co, __: ReturnRequest(
        ReturnGround.NOT_OUR_DUTY, "该路段由另一单位管理。", co
    ),
    Act.RULE_RETURN: lambda lead, *_: ReturnRuling(upheld=True, organisation_id=lead),
    Act.CONVENE: lambda lead, co, _: Convening((lead, co), "确定主办单位"),
    Act.CONCLUDE_CONSULTATION: lambda lead, co, _: Conclusion("由主办单位牵头办理。", lead, (co,)),
    Act.CONVENE_JOINT_MEETING: lambda lead, co, at: JointMeeting(
        (lead, co), "明确管线归属", _tomorrow(at)
    ),
    Act.CONCLUDE_JOINT_MEETING: lambda lead, co, at: MeetingConclusion(
        "会议议定由主办单位牵头办理。",
        lead,
        (MeetingAction(lead, "完成管线迁改", _tomorrow(at)),),
        (co,),
    ),
    Act.TRACK_OPEN: lambda lead, _, at: tracked_by(lead, OWNER, at),
    Act.REVIEW_TRACKING: lambda _, __, at: TrackingReview("资金已列入计划", _tomorrow(at)),
    Act.REPORT_PROGRESS: lambda _, __, at: Progress("设备已发货", _tomorrow(at)),
    Act.REQUEST_SUSPENSION: lambda _, __, at: suspension(5, at),
}


def usual_facts(action: Act, lead: int, co: int, at: datetime = MONDAY) -> Any:
    """The facts of `action` at `at` where the units `lead` and `co` handle."""
    make = NAMING.get(action)
    return make(lead, co, at) if make else USUAL[action]


def tracked_by(unit: int, account: int, at: datetime = MONDAY) -> Tracking:
    """Owned by a person of the unit, and looked at again ten days later."""
    return Tracking(unit, "资金待批复", (at + timedelta(days=10)).date(), owner_account_id=account)


def suspension(days: int, at: datetime, proof: int = PROOF) -> SuspensionRequest:
    """Asked for at `at`, to be looked at on the next working day."""
    ground = SuspensionGround.TESTING
    return SuspensionRequest(ground, "变压器送检", days, _tomorrow(at), (proof,))
