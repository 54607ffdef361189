"""手机消息一览: what the tables say of each kind of message that goes to phones, put together.

And by which event a kind is told to whom, so that people may look at a message beforehand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.actor import system
from app.domain.audience import AUDIENCES, Audience
from app.domain.fallbacks import Fallback, plan_for
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS, Form
from app.domain.sla_clock import Clock, ClockKind
from app.domain.ticket_state import Change, Event
from app.domain.vocabulary import Status

AUDIENCE_LABELS: Mapping[Audience, str] = {
    Audience.ENTERPRISE: "企业",
    Audience.HOUSEKEEPER: "管家",
    Audience.COORDINATORS: "协调员",
    Audience.SUPERVISORS: "督导",
    Audience.REVISITORS: "回访员",
    Audience.UNITS: "承办单位经办",
    Audience.LEAD_HANDLERS: "主办单位经办",
    Audience.LEAD_APPROVERS: "主办单位审批人",
    Audience.CO_UNITS: "协办单位",
    Audience.CONVENED: "被召集的单位",
    Audience.OWNER_UNIT: "挂账负责单位",
    Audience.TRACKING_OWNER: "挂账负责人",
    Audience.CLOCK_UNIT: "计时单位经办",
    Audience.CLOCK_APPROVERS: "计时单位审批人",
    Audience.CLOCK_REVISITORS: "计时的回访员",
    Audience.THIRD_ROUND_SUPERVISORS: "第三轮起的督导",
}

VIEWER = system("消息预览")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """By which event a kind is told, and to whom."""

    action: Act
    outcome: str | None
    audience: Audience

    @property
    def clock(self) -> ClockKind | None:
        """The clock that the event is for, where its outcome names it."""
        return ClockKind(self.outcome) if self.outcome in set(ClockKind) else None

    @property
    def is_of_a_clock(self) -> bool:
        """Whether the event names a clock; a card does, whichever it is."""
        return self.clock is not None or self.action is Act.ISSUE_CARD


@dataclass(frozen=True, slots=True)
class KindOnPhone:
    """One kind: its form, to whom it is told, and how it goes on without WeChat.

    `urgent` is the plan for urgent tickets, where that is another one.
    """

    kind: MessageKind
    form: Form
    audiences: tuple[Audience, ...]
    plan: Fallback | None
    urgent: Fallback | None


def occurrences(kind: MessageKind) -> tuple[Occurrence, ...]:
    """Every event by which a kind is told and everybody who hears of it, as the table has them."""
    return tuple(
        Occurrence(action, outcome, address.audience)
        for (action, outcome), addresses in AUDIENCES.items()
        for address in addresses
        if address.kind is kind
    )


def kinds_on_phone() -> tuple[KindOnPhone, ...]:
    """Every kind that goes to phones, the most important first."""
    by_rank = sorted(FORMS, key=lambda kind: -FORMS[kind].rank)
    return tuple(map(_described, by_rank))


def _described(kind: MessageKind) -> KindOnPhone:
    plan, urgent = (plan_for(kind, urgent=is_urgent) for is_urgent in (False, True))
    audiences = tuple(dict.fromkeys(each.audience for each in occurrences(kind)))
    return KindOnPhone(kind, FORMS[kind], audiences, plan, None if urgent == plan else urgent)


@dataclass(frozen=True, slots=True)
class Scene:
    """A ticket at an instant, as far as a message looks at it. `due_at`: what the ticket shows."""

    number: str
    at: datetime
    round: int = 1
    status: Status = Status.HANDLING
    due_at: datetime | None = None
    clock: Clock | None = None


def change_in(scene: Scene, occurrence: Occurrence) -> Change:
    """A change as the event would bring it, to be shown and never to be written."""
    facts: dict[str, Any] = {}
    if occurrence.is_of_a_clock:
        facts["clock"] = scene.clock.kind if scene.clock else occurrence.clock or ClockKind.FINISH
    if scene.clock and scene.clock.due_at:
        facts["due_at"] = scene.clock.due_at.isoformat()
    event = Event(
        seq=0,
        round=scene.round,
        action=occurrence.action,
        from_status=scene.status,
        to_status=scene.status,
        actor=VIEWER,
        at=scene.at,
        is_public=False,
        facts=facts,
        hash=b"",
    )
    values = {"round": scene.round, "due_at": scene.due_at}
    return Change(scene.number, values, event, (), occurrence.outcome, ())
