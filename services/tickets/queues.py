"""队列: what waits for whom, as named conditions. Read the table and know every work list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, Actor, Role
from app.domain.errors import FieldError, InvalidInput
from app.domain.matters import SUPERVISOR
from app.domain.rules import Rule
from app.domain.transition import AT_WORK
from app.domain.vocabulary import FINAL, AssignmentState, MatterKind, Status, Tier, UnitRole
from app.models.assignment import Assignment
from app.models.matter import Matter
from app.models.reply import Reply
from app.models.ticket import Ticket
from services.tickets.terms import rule_of_ticket
from services.visibility.asking import Asker, Condition, is_among
from services.visibility.matters import has_open


@dataclass(frozen=True, slots=True)
class Queue:
    """一个队列: who works it, and what lies in it."""

    label: str
    roles: frozenset[Role]
    condition: Callable[[Asker], Condition]


def _in(*statuses: Status) -> Callable[[Asker], Condition]:
    condition = Ticket.status.in_(statuses)
    return lambda _: condition


def _to_accept(_: Asker) -> Condition:
    return sa.and_(Ticket.status == Status.SUBMITTED, Ticket.refusal_proposed_by.is_(None))


def _to_rule(actor: Asker) -> Condition:
    return sa.and_(
        Ticket.status == Status.SUBMITTED, Ticket.refusal_proposed_by != actor.account_id
    )


def _to_evaluate(_: Asker) -> Condition:
    return sa.and_(Ticket.status == Status.EVALUATING, Ticket.level.is_(None))


def _to_verify(actor: Asker) -> Condition:
    return sa.and_(
        Ticket.status == Status.EVALUATING,
        has_open(MatterKind.RECTIFICATION),
        sa.not_(has_open(MatterKind.SET_ASIDE)),
        _not_handled(actor),
    )


def _to_set_aside(actor: Asker) -> Condition:
    return sa.and_(
        Ticket.status == Status.EVALUATING,
        has_open(MatterKind.SET_ASIDE),
        _not_handled(actor),
    )


def _urged(_: Asker) -> Condition:
    return sa.and_(Ticket.is_urged)


def _third_round(_: Asker) -> Condition:
    other_hands = rule_of_ticket(Rule.OTHER_HANDS_FROM_ROUND)
    return sa.and_(Ticket.status == Status.COORDINATING, Ticket.round >= other_hands)


_DESK: sa.ColumnElement[int] = sa.literal_column(f"{Tier.DESK.value}")
_TOP: sa.ColumnElement[int] = sa.literal_column(f"{Tier.JOINT_MEETING.value}")
"""In the text of the statement, for the planner to see: the index is partial."""


def _escalated(_: Asker) -> Condition:
    return sa.and_(Ticket.tier > _DESK, Ticket.status.in_(AT_WORK | {Status.SUSPENDED}))


def _to_meet(_: Asker) -> Condition:
    """At the top, and no meeting of this round has had it."""
    met = sa.exists().where(
        Matter.ticket_id == Ticket.id,
        Matter.kind == MatterKind.JOINT_MEETING,
        Matter.round == Ticket.round,
    )
    return sa.and_(Ticket.tier == _TOP, Ticket.status.in_(AT_WORK), sa.not_(met))


def _to_conclude(_: Asker) -> Condition:
    return sa.and_(Ticket.status.in_(AT_WORK), has_open(MatterKind.JOINT_MEETING))


def _not_handled(actor: Asker) -> Condition:
    return sa.and_(
        sa.not_(is_among(actor.account_id, Ticket.handler_account_ids)),
        sa.not_(is_among(actor.organisation_id, Ticket.handler_organisation_ids)),
    )


def _to_revisit(actor: Asker) -> Condition:
    return sa.and_(Ticket.status == Status.REVISITING, _not_handled(actor))


def _to_check_withdrawal(actor: Asker) -> Condition:
    return sa.and_(Ticket.needs_pressure_check, _not_handled(actor))


def _assigned(
    states: tuple[AssignmentState, ...], role: UnitRole | None = None, *more: Condition
) -> Callable[[Asker], Condition]:
    def condition(actor: Asker) -> Condition:
        own = [
            Assignment.ticket_id == Ticket.id,
            Assignment.round == Ticket.round,
            Assignment.organisation_id == actor.organisation_id,
            Assignment.state.in_(states),
            *more,
        ]
        if role is not None:
            own.append(Assignment.role == role)
        return sa.exists().where(*own)

    return condition


def _to_countersign(actor: Asker) -> Condition:
    standing = sa.exists().where(
        Reply.ticket_id == Ticket.id,
        Reply.round == Ticket.round,
        Reply.released_at.is_(None),
        Reply.rejection.is_(None),
    )
    unsigned = Assignment.countersigned_at.is_(None), Assignment.silence_is_consent.is_(False)
    own = _assigned((AssignmentState.DONE,), UnitRole.CO, *unsigned)(actor)
    return sa.and_(Ticket.status == Status.HANDLING, own, standing)


def _matter(kind: MatterKind, *conditions: Condition) -> Condition:
    """That one of this kind is open."""
    return sa.exists().where(
        Matter.ticket_id == Ticket.id, Matter.kind == kind, Matter.settled_at.is_(None), *conditions
    )


def _consentable(kind: MatterKind) -> Callable[[Asker], Condition]:
    """What the own unit's approver has not stood behind yet."""
    return lambda actor: _matter(
        kind,
        Matter.consented_at.is_(None),
        Matter.organisation_id == actor.organisation_id,
        Matter.opened_by != actor.account_id,
    )


def _to_rule_return(_: Asker) -> Condition:
    return _matter(MatterKind.RETURN, Matter.consented_at.is_not(None))


def _rulable(kind: MatterKind) -> Callable[[Asker], Condition]:
    """What waits for a second person of the reader's level."""

    def condition(actor: Asker) -> Condition:
        own = [Matter.consented_at.is_not(None), Matter.opened_by != actor.account_id]
        if actor.role is not Role.SUPERVISOR:
            own.append(Matter.details["level"].astext.is_distinct_from(SUPERVISOR))
        return _matter(kind, *own)

    return condition


def _to_rule_unreasonable(actor: Asker) -> Condition:
    apart = [Matter.opened_by != actor.account_id]
    if actor.role is not Role.SUPERVISOR:
        apart.append(Matter.organisation_id.is_distinct_from(actor.organisation_id))
    return _matter(MatterKind.UNREASONABLE, *apart)


def _own_tasks(actor: Asker) -> Condition:
    return _matter(MatterKind.MEETING_TASK, Matter.organisation_id == actor.organisation_id)


def _late_tasks(_: Asker) -> Condition:
    return _matter(MatterKind.MEETING_TASK, Matter.details["is_late"].astext == "true")


_UNSIGNED = (AssignmentState.DISPATCHED,)
_UNANSWERED = (AssignmentState.DISPATCHED, AssignmentState.SIGNED)
_DRAFTED = (AssignmentState.REPLIED,)

_ENTERPRISE = ENTERPRISE_ROLES
_FRONT = PAIRED_ROLES | {Role.COORDINATOR}
_UNIT = frozenset({Role.HANDLER, Role.CO_HANDLER})
_APPROVER = frozenset({Role.UNIT_APPROVER})
_CALLERS = frozenset({Role.REVISITOR, Role.OPERATOR, Role.SUPERVISOR})
_CHECKERS = frozenset({Role.REVISITOR, Role.SUPERVISOR})
_RULERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
_VERIFIERS = frozenset({Role.REVISITOR, Role.COORDINATOR, Role.SUPERVISOR})
_SUPERVISORS = frozenset({Role.SUPERVISOR})
_EVERYBODY = frozenset(Role)

QUEUES: Mapping[str, Queue] = {
    "to_supplement": Queue("待补正", _ENTERPRISE, _in(Status.SUPPLEMENTING)),
    "to_confirm": Queue("待查看反馈", _ENTERPRISE | {Role.OPERATOR}, _in(Status.FEEDBACK)),
    "to_evaluate": Queue("待评价", _ENTERPRISE, _to_evaluate),
    "to_accept": Queue("待受理", _FRONT, _to_accept),
    "to_rule": Queue("待审批不予受理", _RULERS, _to_rule),
    "to_coordinate": Queue("待派单", _FRONT, _in(Status.ACCEPTED, Status.COORDINATING)),
    "to_sign": Queue("待签收", _UNIT, _assigned(_UNSIGNED)),
    "to_reply": Queue("待答复", frozenset({Role.HANDLER}), _assigned(_UNANSWERED, UnitRole.LEAD)),
    "to_opine": Queue("待反馈协办意见", _UNIT, _assigned(_UNANSWERED, UnitRole.CO)),
    "to_countersign": Queue("待会签", _UNIT, _to_countersign),
    "to_approve": Queue("待审批答复", _APPROVER, _assigned(_DRAFTED, UnitRole.LEAD)),
    "to_consent_return": Queue("待审批退回申请", _APPROVER, _consentable(MatterKind.RETURN)),
    "to_rule_return": Queue("待裁定退回", frozenset({Role.COORDINATOR}), _to_rule_return),
    "to_consent_extension": Queue("待同意延期", _APPROVER, _consentable(MatterKind.EXTENSION)),
    "to_rule_extension": Queue("待审批延期", _RULERS, _rulable(MatterKind.EXTENSION)),
    "to_rule_suspension": Queue("待审批挂起", _RULERS, _rulable(MatterKind.SUSPENSION)),
    "to_rule_unreasonable": Queue("待认定不合理诉求", _RULERS, _to_rule_unreasonable),
    "to_check_withdrawal": Queue("待核查撤回", _CHECKERS, _to_check_withdrawal),
    "to_revisit": Queue("待回访", _CALLERS, _to_revisit),
    "to_verify": Queue("待核查差评", _VERIFIERS, _to_verify),
    "to_set_aside": Queue("待裁定不予采信", _SUPERVISORS, _to_set_aside),
    "to_rule_purge": Queue("待裁定涉密清除", _SUPERVISORS, _rulable(MatterKind.PURGE)),
    "third_round": Queue("多轮重办待派单", _SUPERVISORS, _third_round),
    "to_meet": Queue("待召集联席会议", _SUPERVISORS, _to_meet),
    "to_conclude": Queue("待形成联席会议结论", _SUPERVISORS, _to_conclude),
    "meeting_tasks": Queue("会议任务", _UNIT | _APPROVER, _own_tasks),
    "late_meeting_tasks": Queue("会议任务逾期", _RULERS, _late_tasks),
    "urged": Queue("被催办", _FRONT | _SUPERVISORS, _urged),
    "in_progress": Queue(
        "办理中", _EVERYBODY - _UNIT - _APPROVER, _in(Status.HANDLING, Status.FEEDBACK)
    ),
    "escalated": Queue("已提级", _RULERS, _escalated),
    "tracked_open": Queue("挂账跟踪", _EVERYBODY, lambda _: has_open(MatterKind.TRACKING)),
    "suspended": Queue("已挂起", _RULERS, _in(Status.SUSPENDED)),
    "open": Queue("未办结", _EVERYBODY, lambda _: Ticket.status.not_in(FINAL)),
    "closed": Queue("已结束", _EVERYBODY, lambda _: Ticket.status.in_(FINAL)),
}

NOT_TO_DO = frozenset({"tracked_open", "in_progress", "escalated", "suspended", "open", "closed"})
TODO = "todo"
NAMES = (TODO, *QUEUES)


def queues_of(actor: Asker) -> list[str]:
    """The names of the queues that the actor works, `todo` (all that waits) first."""
    return [TODO, *(name for name, queue in QUEUES.items() if actor.role in queue.roles)]


def check_queue(actor: Actor, name: str) -> None:
    """Raises `InvalidInput` for a queue that is not the actor's."""
    mine = queues_of(actor)
    if name not in mine:
        detail = f"您的角色没有这个队列，可用：{'、'.join(mine)}。"
        raise InvalidInput([FieldError("/queue", "unknown-queue", detail)])


def in_queue(actor: Asker, name: str) -> Condition:
    """The condition of one of the actor's queues."""
    if name == TODO:
        mine = queues_of(actor)[1:]
        waiting = [QUEUES[one].condition(actor) for one in mine if one not in NOT_TO_DO]
        return sa.or_(*waiting) if waiting else sa.false()
    return QUEUES[name].condition(actor)
