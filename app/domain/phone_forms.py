"""手机消息: what each kind of message looks like on a phone. Read the tables, know it all.

`audience.py` says which events are told, to whom, as which kind; here each kind finds its template.
A phone shows the ticket's number, times and fixed words only: no amounts, no names, no text of the
ticket. Source: domain, section 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.audience import Audience
from app.domain.field_types import FieldType, fit
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.work_calendar import LOCAL_ZONE


class Template(StrEnum):
    """消息模板, by its title in the mini-program's account."""

    ACCEPTED = "受理通知"
    REFUSED = "不予受理"
    SUPPLEMENT = "补正通知"
    TODO = "新诉求待办"
    DUE_SOON = "即将到期"
    OVERDUE = "已超期"
    FEEDBACK = "办理反馈"
    EVALUATION = "评价邀请"
    DIGEST = "待办汇总"


PAGE = "pages/tickets/detail?number={}"
"""What a message opens when it is tapped."""

WORK_QUEUE = "pages/tickets/list"
"""The same of a message that stands for several."""


class Source(StrEnum):
    """What a field is filled with: 诉求编号, 发生时间, 到期时间, 事项, 数量, 提示."""

    NUMBER = "number"
    EVENT_TIME = "event_time"
    DUE_TIME = "due_time"
    MATTER = "matter"
    COUNT = "count"
    HINT = "hint"


TYPES: Mapping[Source, FieldType] = {
    Source.NUMBER: FieldType.CHARACTER_STRING,
    Source.EVENT_TIME: FieldType.TIME,
    Source.DUE_TIME: FieldType.TIME,
    Source.MATTER: FieldType.PHRASE,
    Source.COUNT: FieldType.NUMBER,
    Source.HINT: FieldType.THING,
}


@dataclass(frozen=True, slots=True)
class Field:
    """字段 of a template: its label there, and what stands in it."""

    label: str
    source: Source

    @property
    def type(self) -> FieldType:
        return TYPES[self.source]


def _fields(*between: Field) -> tuple[Field, ...]:
    """Every template begins with the ticket's number and ends with a hint."""
    return (Field("诉求编号", Source.NUMBER), *between, Field("温馨提示", Source.HINT))


FIELDS: Mapping[Template, tuple[Field, ...]] = {
    Template.ACCEPTED: _fields(
        Field("受理时间", Source.EVENT_TIME), Field("办结期限", Source.DUE_TIME)
    ),
    Template.REFUSED: _fields(Field("答复时间", Source.EVENT_TIME)),
    Template.SUPPLEMENT: _fields(Field("补正期限", Source.DUE_TIME)),
    Template.TODO: _fields(Field("待办事项", Source.MATTER), Field("办理期限", Source.DUE_TIME)),
    Template.DUE_SOON: _fields(
        Field("到期事项", Source.MATTER), Field("到期时间", Source.DUE_TIME)
    ),
    Template.OVERDUE: _fields(Field("超期事项", Source.MATTER), Field("到期时间", Source.DUE_TIME)),
    Template.FEEDBACK: _fields(Field("反馈时间", Source.EVENT_TIME)),
    Template.EVALUATION: _fields(Field("评价截止", Source.DUE_TIME)),
    Template.DIGEST: _fields(Field("待办数量", Source.COUNT), Field("最要紧事项", Source.MATTER)),
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of message goes to a phone.

    `rank`: importance, higher first. `useful_for`: how long after its sending time it is of use;
    None = until its clock is due. `is_answer`: it answers the enterprise's own act, at any hour.
    """

    template: Template
    rank: int
    hint: str
    useful_for: timedelta | None = None
    is_answer: bool = False


_T, _K = Template, MessageKind

FORMS: Mapping[MessageKind, Form] = {
    _K.SUPPLEMENT_NEEDED: Form(_T.SUPPLEMENT, 90, "请点击查看所需材料并补正", is_answer=True),
    _K.OVERDUE: Form(_T.OVERDUE, 80, "已超过期限，请立即办理", timedelta(days=2)),
    _K.FEEDBACK_READY: Form(
        _T.FEEDBACK, 70, "已有办理结果，请点击查看", timedelta(days=7), is_answer=True
    ),
    _K.REFUSED: Form(_T.REFUSED, 70, "请点击查看理由和办理渠道", timedelta(days=7), is_answer=True),
    _K.ACCEPTED: Form(
        _T.ACCEPTED, 60, "诉求已受理，请留意办理进度", timedelta(days=3), is_answer=True
    ),
    _K.DUE_SOON: Form(_T.DUE_SOON, 50, "即将超过期限，请尽快办理"),
    _K.SUPERVISION: Form(_T.OVERDUE, 75, "超期多日，已进入督办", timedelta(days=2)),
    _K.NUDGE: Form(_T.DUE_SOON, 35, "时限已用去一部分，请留意进度"),
    _K.NEW_TODO: Form(_T.TODO, 50, "请尽快登录处理", timedelta(days=3)),
    _K.EVALUATION_INVITED: Form(_T.EVALUATION, 40, "诉求已办结，请作出评价"),
    _K.REVISIT_MISSED: Form(_T.EVALUATION, 40, "电话未能接通，请告知结果并评价"),
    _K.RETURNED: Form(_T.TODO, 40, "答复被退回，请修改后提交", timedelta(days=3)),
    _K.URGED: Form(_T.TODO, 45, "请尽快办理并告知企业进展", timedelta(days=2)),
    _K.SUPPLEMENT_REMINDER: Form(_T.SUPPLEMENT, 30, "仍待补正，请在期限内补充"),
    _K.EVALUATION_REMINDER: Form(_T.EVALUATION, 20, "您的评价会帮助改进服务"),
    _K.DIGEST: Form(_T.DIGEST, 50, "请登录查看全部待办", timedelta(days=2)),
}

ABOUT_PAIRINGS = frozenset(
    {
        *(_K.HOUSEKEEPER_CHANGED, _K.HANDOVER_TO_SIGN),
        *(_K.HANDOVER_SIGNED, _K.HANDOVER_CANCELLED, _K.FOLLOW_UP_DUE),
        _K.SILENT_PAIRINGS,
    }
)
"""Kinds that concern no ticket, and templates show a ticket's number."""

ALARMS = frozenset({_K.CALENDAR_MISSING, _K.DEADLINES_DRIFTED, _K.TEMPLATES_UNUSABLE})
"""Kinds about the product itself."""

INBOX_ONLY = (
    frozenset(
        {
            *(_K.WITHDRAWN, _K.BAD_REVIEW, _K.REVISIT_DUE, _K.DEFERRAL_REMINDER),
            *(_K.DEADLINE_MOVED, _K.ORDER_FOR_UNIT),
            *(_K.ORDER_ANSWERED, _K.LETTER_RECEIVED, _K.LETTER_ANSWERED),
            *(_K.SUPPLEMENT_LAPSED, _K.CONTACT_DENIED, _K.DEFERRAL_SUPPLIED, _K.DEFERRAL_FAILED),
            *(_K.COUNTERSIGN_ASKED, _K.RETURN_ASKED, _K.RETURN_RULED, _K.CONVENED),
            *(_K.PROGRESS_REPORTED, _K.EXTENDED, _K.SUSPENDED, _K.RESUMED),
            *(_K.REQUEST_REJECTED, _K.FOUND_UNREASONABLE, _K.ESCALATED),
            *(_K.JOINT_MEETING_CALLED, _K.JOINT_MEETING_MOVED, _K.JOINT_MEETING_CONCLUDED),
            *(_K.TRACKED_OPEN, _K.TRACKING_ENDED),
        }
    )
    | {_K.REVIEW_VERIFIED, _K.REWORK_STARTED, _K.CLOSED, _K.MERGED, _K.ANSWER_PASSED_ON}
    | {_K.PURGE_RULED, _K.REMARK_ADDED, _K.NOTE_ADDED}
    | {_K.CONTENT_HELD_BACK, _K.CONTENT_RELEASED, _K.CONTENT_WAITING}
    | {_K.MEETING_TOMORROW, _K.TASK_LATE, _K.TASK_DONE, _K.REVIEW_DUE}
    | ABOUT_PAIRINGS
    | ALARMS
)
"""Kinds that stay off the phone."""

TODO: Mapping[Act, str] = {
    Act.SUBMIT: "待受理",
    Act.PROPOSE_REFUSAL: "待审批",
    Act.RULE_REFUSAL: "待受理",
    Act.SUPPLY: "待受理",
    Act.DISPATCH: "待签收",
    Act.RULE_RETURN: "待重新派单",
    Act.CONCLUDE_CONSULTATION: "待签收",
    Act.CONCLUDE_JOINT_MEETING: "待签收",
    Act.GIVE_OPINION: "待答复",
    Act.REPLY: "待审批",
    Act.COUNTERSIGN: "退回修改",
    Act.RULE_REPLY: "退回修改",
    Act.REQUEST_EXTENSION: "待审批",
    Act.CONSENT_EXTENSION: "待审批",
    Act.REQUEST_SUSPENSION: "待审批",
    Act.PROPOSE_UNREASONABLE: "待审批",
    Act.RECEIVE_FEEDBACK: "待回访",
    Act.RECORD_REVISIT: "待重新派单",
    Act.OBJECT: "待重新派单",
    Act.ORDER_REWORK: "待重新派单",
    Act.VERIFY_REVIEW: "差评核查",
    Act.UNMERGE: "待办理",
    Act.URGE: "催办",
    Act.REQUEST_PURGE: "待审批",
}
"""What is to be done after an action, for whom it is told as something to do."""

MATTERS: Mapping[ClockKind, str] = {
    ClockKind.FIRST_CONTACT: "首次联系",
    ClockKind.ACCEPT: "受理",
    ClockKind.SUPPLEMENT: "补正",
    ClockKind.FINISH: "办结",
    ClockKind.ASSIGNMENT: "主办答复",
    ClockKind.OPINION: "协办意见",
    ClockKind.REVISIT: "回访",
    ClockKind.EVALUATION: "评价",
    ClockKind.OBJECTION: "异议",
    ClockKind.STAGE_REPORT: "阶段反馈",
    ClockKind.RULING: "退回裁定",
    ClockKind.DEFERRAL: "补齐材料",
    ClockKind.SUSPENSION: "挂起复核",
    ClockKind.RECTIFICATION: "整改",
    ClockKind.REVIEW_CONTACT: "差评联系",
    ClockKind.URGE: "催办",
    ClockKind.TRANSFER: "转送",
}
"""What a clock is for, as a phrase."""

OWN_CLOCK: Mapping[Template, ClockKind] = {
    Template.SUPPLEMENT: ClockKind.SUPPLEMENT,
    Template.EVALUATION: ClockKind.EVALUATION,
}
"""Templates about a clock other than the one that the ticket shows."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about. `clock` is the one that a card or reminder is for.

    `matter` and `count` are those of a digest: the most important of so many messages.
    """

    number: str
    action: Act
    at: datetime
    due_at: datetime | None = None
    clock: ClockKind | None = None
    matter: str | None = None
    count: int = 1


def form_for(kind: MessageKind, audience: Audience) -> Form | None:
    """The form of a kind of message, None when it stays in the inbox.

    What answers the enterprise is plain news to everybody else.
    """
    form = FORMS.get(kind)
    if form is None or audience is Audience.ENTERPRISE:
        return form
    return replace(form, is_answer=False)


def fill(form: Form, occasion: Occasion) -> dict[str, str]:
    """The fields of the form's template: label → text that fits. Times are local.

    Without a due time the time of the event stands in. Raises `UnfitText`.
    """
    texts = {
        Source.NUMBER: occasion.number,
        Source.EVENT_TIME: _shown(occasion.at),
        Source.DUE_TIME: _shown(occasion.due_at or occasion.at),
        Source.MATTER: occasion.matter or _matter(occasion),
        Source.COUNT: str(occasion.count),
        Source.HINT: form.hint,
    }
    return {field.label: fit(field.type, texts[field.source]) for field in FIELDS[form.template]}


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def _matter(occasion: Occasion) -> str:
    if occasion.clock:
        return MATTERS[occasion.clock]
    return TODO.get(occasion.action, "待办理")
