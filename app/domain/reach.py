"""送达预报: who cannot be reached on the phone for what falls due on the next working day.

Read the table, know it all: what falls due, who has to know, by which kind of message. Source:
domain, section 8 (in-app, WeChat, short message, telephone).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.domain.audience import Audience
from app.domain.fallbacks import fallback_for
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS, Template
from app.domain.reminder_days import working_day_after
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar


class DueMatter(StrEnum):
    """到期事项: a clock by its name, a visit, a meeting."""

    FIRST_CONTACT = "first_contact"
    ACCEPT = "accept"
    FINISH = "finish"
    STAGE_REPORT = "stage_report"
    ASSIGNMENT = "assignment"
    OPINION = "opinion"
    SUPPLEMENT = "supplement"
    DEFERRAL = "deferral"
    EVALUATION = "evaluation"
    MEETING = "joint_meeting"
    VISIT = "visit"


MATTER_LABELS: Mapping[DueMatter, str] = {
    DueMatter.FIRST_CONTACT: "首次联系",
    DueMatter.ACCEPT: "受理",
    DueMatter.FINISH: "办结",
    DueMatter.STAGE_REPORT: "阶段反馈",
    DueMatter.ASSIGNMENT: "主办答复",
    DueMatter.OPINION: "协办意见",
    DueMatter.SUPPLEMENT: "补正",
    DueMatter.DEFERRAL: "补齐容缺材料",
    DueMatter.EVALUATION: "评价",
    DueMatter.MEETING: "联席会议",
    DueMatter.VISIT: "跟踪回访",
}
NO_CLOCKS = frozenset({DueMatter.MEETING, DueMatter.VISIT})


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom a matter concerns, and by which kind of message they are told."""

    matter: DueMatter
    audience: Audience
    kind: MessageKind

    @property
    def template(self) -> Template | None:
        """What consent is needed for; None for a kind that stays in the inbox."""
        form = FORMS.get(self.kind)
        return form.template if form else None

    @property
    def falls_back(self) -> bool:
        """Whether a short message goes out where WeChat brings nothing."""
        return fallback_for(self.kind, self.audience, None) is not None


_M, _A, _K = DueMatter, Audience, MessageKind
_OF_HOUSEKEEPERS = (_M.FIRST_CONTACT, _M.ACCEPT, _M.FINISH, _M.STAGE_REPORT)
_OF_UNITS = (_M.ASSIGNMENT, _M.OPINION)

WATCHED: tuple[Watch, ...] = (
    Watch(_M.SUPPLEMENT, _A.ENTERPRISE, _K.SUPPLEMENT_REMINDER),
    Watch(_M.EVALUATION, _A.ENTERPRISE, _K.EVALUATION_REMINDER),
    Watch(_M.DEFERRAL, _A.ENTERPRISE, _K.DEFERRAL_REMINDER),
    Watch(_M.VISIT, _A.ENTERPRISE, _K.FOLLOW_UP_DUE),
    Watch(_M.VISIT, _A.HOUSEKEEPER, _K.FOLLOW_UP_DUE),
    *(Watch(matter, _A.HOUSEKEEPER, _K.DUE_SOON) for matter in _OF_HOUSEKEEPERS),
    *(Watch(matter, _A.CLOCK_UNIT, _K.DUE_SOON) for matter in _OF_UNITS),
    *(Watch(matter, _A.CLOCK_APPROVERS, _K.OVERDUE) for matter in _OF_UNITS),
    Watch(_M.MEETING, _A.CONVENED, _K.MEETING_TOMORROW),
)


class Hindrance(StrEnum):
    """为什么通知不到."""

    NOT_BOUND = "not-bound"
    NO_CONSENT = "no-consent"
    TEMPLATE_UNUSABLE = "template-unusable"
    NO_NUMBER = "no-number"
    TEXTS_OFF = "texts-off"


HINDRANCE_LABELS: Mapping[Hindrance, tuple[str, str]] = {
    Hindrance.NOT_BOUND: ("没有绑定微信", "请其登录小程序并绑定，可把小程序码或链接发给对方"),
    Hindrance.NO_CONSENT: ("没有可用的订阅", "请其打开小程序，同意接收这类消息"),
    Hindrance.TEMPLATE_UNUSABLE: ("消息模板不能使用", "请系统管理员核对小程序的消息模板"),
    Hindrance.NO_NUMBER: ("没有可发短信的手机号", "请核对并补登手机号"),
    Hindrance.TEXTS_OFF: ("没有开通短信", "请直接打电话告知"),
}
"""What it is called, and what can be done about it."""


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to reach a person by; `has_template`: the account has one that works."""

    is_bound: bool
    has_consent: bool
    has_template: bool
    has_number: bool
    has_texts: bool


def hindrances(template: Template | str | None, means: Means, *, falls_back: bool) -> list[str]:
    """Why a person cannot be reached, none where one way is open.

    What stays in the inbox needs no consent: whoever is bound or has a number can be spoken to.
    """
    if template is None:
        ways = [] if means.is_bound else [Hindrance.NOT_BOUND]
        return [*ways, Hindrance.NO_NUMBER] if ways and not means.has_number else []
    found = _of_wechat(means)
    if not found or not falls_back:
        return list(found)
    if not means.has_texts:
        return [*found, Hindrance.TEXTS_OFF]
    return [] if means.has_number else [*found, Hindrance.NO_NUMBER]


def _of_wechat(means: Means) -> tuple[Hindrance, ...]:
    if not means.is_bound:
        return (Hindrance.NOT_BOUND,)
    if not means.has_template:
        return (Hindrance.TEMPLATE_UNUSABLE,)
    return () if means.has_consent else (Hindrance.NO_CONSENT,)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` on, before `end`."""

    start: datetime
    end: datetime


def window_after(calendar: WorkCalendar, *, at: datetime) -> Window:
    """All that falls due after today, until the next working day is over. `at` is business time."""
    today = at.astimezone(LOCAL_ZONE).date()
    last = working_day_after(calendar, today)
    midnight = time(tzinfo=LOCAL_ZONE)
    start, end = (day + timedelta(days=1) for day in (today, last))
    return Window(datetime.combine(start, midnight), datetime.combine(end, midnight))
