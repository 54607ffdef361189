"""后备渠道: which messages nobody may miss, and what follows where WeChat does not bring them.

The inbox has every message. Then WeChat, then a short message, then a call by people: each only
when the one before cannot do it. Read the tables, know it all. Source: domain, section 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.audience import Audience
from app.domain.delivery import DeliveryState, Reason
from app.domain.message_kinds import MessageKind
from app.domain.program_links import HOST
from app.domain.vocabulary import TicketClass


class TextForm(StrEnum):
    """短信模板."""

    SUPPLEMENT = "supplement"
    RESULT = "result"
    OVERDUE = "overdue"
    TODO = "todo"
    RATING = "rating"


WORDS: Mapping[TextForm, str] = {
    TextForm.SUPPLEMENT: "诉求{1}需要补充材料，请尽快登录企业管家小程序查看并补充。",
    TextForm.RESULT: "诉求{1}已有答复，请登录企业管家小程序查看。",
    TextForm.OVERDUE: "诉求{1}的办理已超过期限，请立即登录企业管家处理。",
    TextForm.TODO: "紧急诉求{1}等待您处理，请立即登录企业管家。",
    TextForm.RATING: f"诉求{{1}}回访多次未接通，请点 {HOST}{{2}} 评价。",
}
"""As they are to be registered with the provider: {1} is the ticket's number, {2} what stands
behind the host of a link; all else is fixed."""

WITHOUT_LINK: Mapping[TextForm, TextForm] = {TextForm.RATING: TextForm.RESULT}
"""What is sent instead where there is no link: a template's places cannot be left empty."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A short message: its template, and what fills the places in their order."""

    form: TextForm
    places: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it will be read, without the signature."""
        words = WORDS[self.form]
        for place, filled in enumerate(self.places, start=1):
            words = words.replace(f"{{{place}}}", filled)
        return words


def letter(form: TextForm, number: str, token: str | None = None) -> Letter:
    """The short message of a form about a ticket; what has a place for a link needs its token."""
    if form not in WITHOUT_LINK:
        return Letter(form, (number,))
    return Letter(form, (number, token)) if token else Letter(WITHOUT_LINK[form], (number,))


class CallCause(StrEnum):
    """为什么要打电话."""

    URGENT = "urgent"
    NO_NUMBER = "no-number"
    TEXTS_OFF = "texts-off"
    TEXT_FAILED = "text-failed"
    TEXT_UNKNOWN = "text-unknown"
    UNREACHABLE = "unreachable"


CAUSE_LABELS: Mapping[CallCause, str] = {
    CallCause.URGENT: "紧急诉求，须立即通知",
    CallCause.NO_NUMBER: "没有可发短信的手机号",
    CallCause.TEXTS_OFF: "没有开通短信",
    CallCause.TEXT_FAILED: "短信没有发出",
    CallCause.TEXT_UNKNOWN: "不知短信是否发出",
    CallCause.UNREACHABLE: "即将到期，手机通知不到",
}


class FallbackState(StrEnum):
    """后备送达的状态: waiting for WeChat; gone on by text or call; reached; dropped."""

    WAITING = "waiting"
    TEXTED = "texted"
    CALLED = "called"
    REACHED = "reached"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Fallback:
    """How a kind of message goes on without WeChat, and to whom.

    `patience`: so long may WeChat take, from when it may ring. `is_doubled`: where nobody knows
    whether it has arrived, the next way is taken too; two are better than none. `goes_beside`: it
    goes the next way whatever WeChat does. `is_called`: where no message goes, people call.
    """

    form: TextForm
    audiences: frozenset[Audience]
    patience: timedelta
    is_doubled: bool
    goes_beside: bool = False
    is_called: bool = True


_A, _K = Audience, MessageKind
_HOUR = timedelta(hours=1)
_ENTERPRISE = frozenset({_A.ENTERPRISE})

FALLBACKS: Mapping[MessageKind, Fallback] = {
    _K.SUPPLEMENT_NEEDED: Fallback(TextForm.SUPPLEMENT, _ENTERPRISE, _HOUR, is_doubled=True),
    _K.FEEDBACK_READY: Fallback(TextForm.RESULT, _ENTERPRISE, 2 * _HOUR, is_doubled=False),
    _K.REFUSED: Fallback(TextForm.RESULT, _ENTERPRISE, 2 * _HOUR, is_doubled=False),
    _K.OVERDUE: Fallback(
        TextForm.OVERDUE,
        frozenset({_A.CLOCK_APPROVERS, _A.SUPERVISORS}),
        _HOUR / 2,
        is_doubled=True,
    ),
    _K.SUPERVISION: Fallback(TextForm.OVERDUE, frozenset(), _HOUR / 2, is_doubled=True),
    _K.REVISIT_MISSED: Fallback(
        TextForm.RATING,
        _ENTERPRISE,
        timedelta(0),
        is_doubled=False,
        goes_beside=True,
        is_called=False,
    ),
}
"""Of every class: what the enterprise must act on or know; the red card, to who answers for it.

Who was called on three half-days in vain is written to, and not called a fourth time.
"""

_SOON = _HOUR / 6

URGENT: Mapping[MessageKind, Fallback] = {
    _K.NEW_TODO: Fallback(
        TextForm.TODO,
        frozenset({_A.HOUSEKEEPER, _A.UNITS, _A.LEAD_HANDLERS, _A.LEAD_APPROVERS}),
        _SOON,
        is_doubled=True,
    ),
    _K.OVERDUE: Fallback(
        TextForm.OVERDUE,
        frozenset({_A.HOUSEKEEPER, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS, _A.SUPERVISORS}),
        _SOON,
        is_doubled=True,
    ),
    _K.SUPPLEMENT_NEEDED: Fallback(TextForm.SUPPLEMENT, _ENTERPRISE, _SOON, is_doubled=True),
    _K.FEEDBACK_READY: Fallback(TextForm.RESULT, _ENTERPRISE, _SOON, is_doubled=True),
}
"""Of urgent tickets instead. In quiet hours these are called at once, whatever else is sent."""


def is_urgent(ticket_class: TicketClass | None) -> bool:
    """Whether the table of the urgent ones holds."""
    return ticket_class is TicketClass.URGENT


def plan_for(kind: MessageKind, *, urgent: bool) -> Fallback | None:
    """How a kind of message goes on without WeChat; None where it does not."""
    return (URGENT.get(kind) if urgent else None) or FALLBACKS.get(kind)


def fallback_for(
    kind: MessageKind, audience: Audience, ticket_class: TicketClass | None
) -> Fallback | None:
    """The same, to an audience; None where that has no right to insist."""
    plan = plan_for(kind, urgent=is_urgent(ticket_class))
    return plan if plan and audience in plan.audiences else None


NEVER_CALLED = frozenset(kind for kind, plan in FALLBACKS.items() if not plan.is_called)
"""Kinds that end where no message can go."""


class Step(StrEnum):
    """What to do about a message: look again later, nothing more, or take the next way."""

    WAIT = "wait"
    REACHED = "reached"
    DROP = "drop"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True)
class Fate:
    """How a message fares on WeChat. `state` is None when there was nobody to send it to.

    `is_final`: the platform has had its time to tell that it was lost, or that it arrived after
    all. `is_patient`: WeChat may still take its time.
    """

    state: DeliveryState | None
    reason: Reason | None = None
    is_final: bool = True
    is_patient: bool = False


OF_NO_USE = frozenset({Reason.OUTDATED, Reason.EXPIRED})
"""Why a message failed that nobody needs any more, by whatever way."""


def next_step(fate: Fate, plan: Fallback) -> Step:
    """What follows from how a message fares on WeChat."""
    if fate.state is None or plan.goes_beside:
        return Step.GO_ON
    if fate.state is DeliveryState.FAILED:
        return Step.DROP if fate.reason in OF_NO_USE else Step.GO_ON
    if fate.state is DeliveryState.PENDING:
        return Step.WAIT if fate.is_patient else Step.GO_ON
    if fate.state is DeliveryState.SENDING or not fate.is_final:
        return Step.WAIT
    if fate.state is DeliveryState.SENT:
        return Step.REACHED
    return Step.GO_ON if plan.is_doubled else Step.DROP
