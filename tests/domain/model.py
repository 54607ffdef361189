"""What random people bring: for each action facts that fit it, and such as are to be refused.

Everything is made of the ticket as it stands, so that walks get far.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain import sla
from app.domain.actor import Actor, Role
from app.domain.facts.acceptance import (
    Acceptance,
    ContactConfirmation,
    FirstContact,
    LateItem,
    RefusalRuling,
    SupplementNotice,
)
from app.domain.facts.aftercare import Rating
from app.domain.facts.commenting import Comment
from app.domain.facts.coordination import Dispatch, TransferOut
from app.domain.facts.countersigning import Countersignature
from app.domain.facts.deferral import Deferral
from app.domain.facts.escalation import Escalation
from app.domain.facts.extension import ExtensionRequest, Ruling
from app.domain.facts.handling import Answer, Approval, Opinion
from app.domain.facts.joint_meeting import MeetingAction, MeetingConclusion
from app.domain.facts.meeting_tasks import TaskDone
from app.domain.facts.merging import MergeInto
from app.domain.facts.pressure import PressureCheck
from app.domain.facts.progress import Progress
from app.domain.facts.rectification import ReviewContact, ReviewVerdict, SetAsideRuling
from app.domain.facts.reminding import DayReminding
from app.domain.facts.retarget import CalendarFollowing, Retargeting
from app.domain.facts.returning import (
    Conclusion,
    Convening,
    ReturnConsent,
    ReturnRequest,
    ReturnRuling,
)
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.sla_clock import CARDS, Clock, Rung
from app.domain.ticket_state import TicketState
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import EscalationCause, ResultCode, ReturnGround, Status, TicketClass
from tests.domain import story
from tests.domain.calendars import CALENDAR
from tests.domain.lots import RECEIPTS

EVERYTHING = frozenset(row.action for row in TRANSITIONS)
STRAIGHT = frozenset({Act.SIGN_FOR, *story.PATHS[Status.EVALUATING], Act.EVALUATE})
"""All that can be done, and the way on which a ticket gets far."""

WARNINGS = frozenset({Act.REMIND, Act.ISSUE_CARD, Act.REMIND_OF_DAY})
RARE = WARNINGS | {
    *(Act.WITHDRAW, Act.CLOSE, Act.ARCHIVE, Act.FAIL_DEFERRAL),
    *(Act.LAPSE_SUPPLEMENT, Act.HAND_OVER, Act.RULE_REFUSAL),
}
"""What ends a story, or is always possible and adds little to it."""

SILENT: frozenset[tuple[Act, str | None]] = frozenset(
    {
        (Act.FIRST_CONTACT, None),
        *(
            (one, None)
            for one in (Act.TRANSFER_OUT, Act.SIGN_FOR, Act.FOLLOW_PARENT, Act.HAND_OVER)
        ),
        (Act.CONFIRM_CONTACT, "confirmed"),
        (Act.COUNTERSIGN, "agreed"),
        (Act.RECORD_REVISIT, "attempted"),
        (Act.EVALUATE, "good"),
        *((Act.RECORD_REVIEW_CONTACT, each) for each in ("reached", "attempted")),
        *((Act.RECORD_PRESSURE_CHECK, each) for each in ("free", "pressed")),
        *((Act.ARCHIVE, each) for each in ("rated", "unrated")),
        (Act.REMIND_OF_DAY, "meeting_over"),
    }
)
"""Of what nobody needs to be told. Any other change that tells nobody was forgotten."""

RULINGS = (Ruling(approved=True), Ruling(approved=False, note="理由不充分"), Ruling(approved=False))
CLASSES = (
    *(Acceptance(each, "utilities") for each in TicketClass),
    Acceptance(TicketClass.APPROVAL, "approval", promised_days=5),
)

FIXED: Mapping[Act, tuple[Any, ...]] = {
    Act.CONFIRM_CONTACT: tuple(map(ContactConfirmation, (True, False))),
    Act.RULE_REFUSAL: tuple(map(RefusalRuling, (False, True))),
    Act.CONSENT_RETURN: tuple(map(ReturnConsent, (True, False))),
    Act.ESCALATE: tuple(
        Escalation(tier, EscalationCause.POLICY_GAP, "会商未能形成一致意见") for tier in (2, 3)
    ),
    Act.GIVE_OPINION: (Opinion("同意"), Opinion("同意答复稿", countersigns=True)),
    Act.COUNTERSIGN: (
        Countersignature(agrees=True),
        Countersignature(agrees=False, note="数据有误"),
        Countersignature(agrees=False),
    ),
    Act.RULE_REPLY: (
        Approval(approved=True),
        Approval(approved=False, note="请补充依据"),
        Approval(approved=False),
    ),
    Act.REQUEST_EXTENSION: tuple(
        ExtensionRequest(days, "设备到货晚于计划", "到货后装好") for days in (1, 5, 60)
    ),
    Act.COMMENT: tuple(Comment("二期的清单已定", each) for each in (False, True)),
    Act.COMPLETE_MEETING_TASK: tuple(TaskDone(each, "已完成") for each in (1, 2, 3, 9)),
    Act.CONSENT_EXTENSION: RULINGS,
    Act.RULE_EXTENSION: RULINGS,
    Act.RULE_SUSPENSION: RULINGS,
    Act.RULE_UNREASONABLE: RULINGS,
    Act.RULE_PURGE: RULINGS,
    Act.RECORD_PRESSURE_CHECK: (PressureCheck(False, "自愿"), PressureCheck(True, "受到劝说")),
    Act.RECORD_REVISIT: (story.UNSOLVED, story.SOLVED, story.UNREACHED),
    Act.RECEIVE_FEEDBACK: RECEIPTS,
    Act.EVALUATE: tuple(map(Rating, (5, 3, 1))),
    Act.RECORD_REVIEW_CONTACT: tuple(ReviewContact(each, "已联系") for each in (True, False)),
    Act.VERIFY_REVIEW: tuple(ReviewVerdict(verdict, "已核查") for verdict in Verdict),
    Act.RULE_SET_ASIDE: tuple(SetAsideRuling(each, "已裁定") for each in (True, False)),
}
"""Facts that look the same on every ticket."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The moment in which somebody acts; `units`: those that may be named, the lead first."""

    state: TicketState
    actor: Actor
    at: datetime
    units: tuple[int, ...]

    @property
    def teams(self) -> list[tuple[int, tuple[int, ...]]]:
        """Who could lead, and help; the last names a unit twice."""
        lead, co, third = self.units
        return [(lead, (co,)), (co, ()), (third, (lead, co)), (lead, (lead,))]

    @property
    def hour_ago(self) -> datetime:
        return self.at - timedelta(hours=1)


def _first_contact(scene: Scene) -> list[Any]:
    return [FirstContact("已联系", at) for at in (None, scene.at, scene.hour_ago)]


def _acceptances(scene: Scene) -> list[Any]:
    day = CALENDAR.opening_after(scene.at + timedelta(days=1)).date()
    deferral = Deferral(("环评批复",), day)
    approval = Acceptance(TicketClass.APPROVAL, "approval", promised_days=9, deferral=deferral)
    may_be_hard = scene.actor.role is Role.COORDINATOR
    return [
        *(one for one in CLASSES if may_be_hard or one.ticket_class is not TicketClass.HARD),
        approval,
    ]


def _supplement(scene: Scene) -> list[Any]:
    late = [LateItem(visible, "补正后才发现") for visible in (True, False)]
    first = SupplementNotice(("用电合同",))
    return [first, *(replace(first, late_items=(one,)) for one in late)]


def _dispatch(scene: Scene) -> list[Any]:
    return [
        Dispatch(*team, silence_is_consent=is_consent)
        for team in scene.teams
        for is_consent in (False, True)
    ]


def _transfer(scene: Scene) -> list[Any]:
    return [TransferOut("鞍山市工信局", "按管辖", at) for at in (None, scene.hour_ago)]


def _returns(scene: Scene) -> list[Any]:
    return [ReturnRequest(ReturnGround.NOT_OUR_DUTY, "非本单位职责", unit) for unit in scene.units]


def _return_rulings(scene: Scene) -> list[Any]:
    said = ((True, None), (False, "属于本单位职责"), (False, None))
    return [ReturnRuling(upheld, note, unit) for upheld, note in said for unit in scene.units]


def _conclusions(scene: Scene) -> list[Any]:
    return [
        Conclusion("由主办单位牵头", *team, is_binding=is_binding)
        for team in scene.teams
        for is_binding in (True, False)
    ]


def _meetings(scene: Scene) -> list[Any]:
    day = CALENDAR.opening_after(scene.at + timedelta(days=1)).date()
    return [
        MeetingConclusion("会议议定", lead, (MeetingAction(unit, "完成迁改", day),), helping)
        for lead, helping in scene.teams
        for unit in scene.units
    ]


def _days(scene: Scene) -> list[Any]:
    due = [one for one in scene.state.matters if one.remind_at and one.remind_at <= scene.at]
    return [DayReminding(one.seq) for one in due or scene.state.matters] or [DayReminding(1)]


def _answers(scene: Scene) -> list[Any]:
    called = Answer(ResultCode.SOLVED, "已增容", is_contacted=True, contacted_at=scene.at)
    partly = replace(story.ANSWER, result_code=ResultCode.PARTLY)
    said = replace(partly, unsolved_reason="设备未到货")
    tracked = replace(said, result_code=ResultCode.TRACKED_OPEN)
    return [story.ANSWER, called, partly, said, tracked]


def _progress(scene: Scene) -> list[Any]:
    days = [CALENDAR.opening_after(scene.at + timedelta(days=each)).date() for each in (1, 3, 90)]
    return [Progress("设备已发货", day) for day in (None, *days)]


def _suspensions(scene: Scene) -> list[Any]:
    return [story.suspension(days, scene.at) for days in (5, 8, 30)]


def _retargets(scene: Scene) -> list[Any]:
    if scene.actor.role is Role.SYSTEM:
        return [CalendarFollowing()]
    approval = Retargeting("按审批事项", TicketClass.APPROVAL, 9)
    return [approval, *(Retargeting("重新认定", each) for each in (None, *TicketClass))]


def _merges(scene: Scene) -> list[Any]:
    ended = replace(story.PARENT, status=Status.ARCHIVED)
    own = replace(story.PARENT, id=scene.state.id or 0)
    return [MergeInto(one, "同一事项") for one in (story.PARENT, ended, own, None)]


def _reminders(scene: Scene) -> list[Any]:
    due = [
        Reminding(clock.kind, clock.organisation_id, rung)
        for clock, rung in _due(scene)
        if rung not in CARDS[clock.kind]
    ]
    return due or [Reminding(one.kind, one.organisation_id) for one in scene.state.clocks]


def _cards(scene: Scene) -> list[Any]:
    due = [
        CardIssue(clock.kind, rung, clock.organisation_id)
        for clock, rung in _due(scene)
        if rung in CARDS[clock.kind]
    ]
    return due or [CardIssue(one.kind, Rung.RED, one.organisation_id) for one in scene.state.clocks]


def _due(scene: Scene) -> list[tuple[Clock, Rung]]:
    found = ((clock, sla.rung_due(clock, at=scene.at)) for clock in scene.state.clocks)
    return [(clock, rung) for clock, rung in found if rung]


MADE: Mapping[Act, Callable[[Scene], list[Any]]] = {
    Act.FIRST_CONTACT: _first_contact,
    Act.ACCEPT: _acceptances,
    Act.REQUEST_SUPPLEMENT: _supplement,
    Act.DISPATCH: _dispatch,
    Act.TRANSFER_OUT: _transfer,
    Act.REQUEST_RETURN: _returns,
    Act.RULE_RETURN: _return_rulings,
    Act.CONVENE: lambda scene: [Convening(scene.units, "确定主办单位")],
    Act.CONCLUDE_CONSULTATION: _conclusions,
    Act.CONCLUDE_JOINT_MEETING: _meetings,
    Act.REMIND_OF_DAY: _days,
    Act.REPLY: _answers,
    Act.ANSWER_DIRECTLY: _answers,
    Act.REPORT_PROGRESS: _progress,
    Act.REQUEST_SUSPENSION: _suspensions,
    Act.RETARGET: _retargets,
    Act.MERGE: _merges,
    Act.REMIND: _reminders,
    Act.ISSUE_CARD: _cards,
}
"""Facts that depend on the ticket, on who acts, and on when."""


def choices(action: Act, scene: Scene) -> list[Any]:
    """What somebody might bring with `action`."""
    if action in MADE:
        return MADE[action](scene)
    if action in FIXED:
        return list(FIXED[action])
    lead, co, *_ = scene.units
    return [story.usual_facts(action, lead, co, scene.at)]
