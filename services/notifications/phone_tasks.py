"""电话任务: who is to be called, who has taken it, what came of the calls.

A task is worked by one person at a time: who took it keeps it for half an hour. Numbers are masked
until they are revealed, which is recorded. `at` is business time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.calls import HOLD, STATE_LABELS, CallOutcome, CallState, after_call
from app.domain.errors import Conflict, NotFound
from app.domain.fallbacks import CAUSE_LABELS, CallCause
from app.domain.keyset import Page
from app.domain.masking import mask_name, mask_phone
from app.domain.message_kinds import MessageKind
from app.domain.relevance import is_still_true
from app.domain.work_calendar import WorkCalendar
from app.models.account import Account, Membership
from app.models.fallback import PhoneAttempt, PhoneTask
from app.models.notification import Notification
from app.models.ticket import Ticket
from app.sealing import unseal
from services import audit
from services.notifications.truth import TRUTH, present, told, with_truth
from services.notifications.wording import TITLES
from services.paging import Order, SortKey, fetch_page
from services.visibility.phone_tasks import visible_phone_tasks

HOLDER, SEAT = aliased(Account), aliased(Membership)
FREE = {"holder_id": None, "held_until": None}
_SEATED = sa.func.coalesce(Notification.membership_id, PhoneTask.membership_id)
_LATER = sa.case((PhoneTask.is_urgent, 0), else_=1)
URGENT_FIRST = Order(
    "urgent-call", (SortKey(_LATER), SortKey(PhoneTask.call_from), SortKey(PhoneTask.id))
)


class PhoneTaskTaken(Conflict):
    """这个电话任务正由他人处理。"""

    code = "phone-task-taken"


class PhoneTaskNotTaken(Conflict):
    """请先领取这个电话任务；领取半小时内有效。"""

    code = "phone-task-not-taken"


class PhoneTaskOver(Conflict):
    """这个电话任务已经结束。"""

    code = "phone-task-over"


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A phone task as it is shown. `phone` is masked, None where none is known of the person.

    `due_at`: of what falls due, where the task was made ahead of it. `holder` has it until
    `held_until`; `attempts` is how often it was called in vain.
    """

    id: int
    ticket_number: str
    kind: str
    title: str
    recipient: str
    recipient_role: str | None
    recipient_role_label: str | None
    phone: str | None
    cause: str
    cause_label: str
    is_urgent: bool
    state: str
    state_label: str
    attempts: int
    call_from: datetime
    due_at: datetime | None
    expires_at: datetime
    holder: str | None
    held_until: datetime | None


def list_phone_tasks(
    actor: Actor, state: CallState, page: Page
) -> tuple[list[ListedTask], str | None]:
    """One page of visible tasks in a state, urgent ones first; the next cursor."""
    found = fetch_page(_visible(actor).where(PhoneTask.state == state), URGENT_FIRST, page)
    return [_listed(row._mapping) for row in found.rows], found.next_cursor


def take_phone_task(actor: Actor, task_id: int) -> ListedTask:
    """Take it, or keep it for longer. Raises `NotFound`, `PhoneTaskTaken`, `PhoneTaskOver`."""
    row = _locked(actor, task_id)
    if row.state != CallState.OPEN:
        raise PhoneTaskOver
    if row.holder_id not in (None, actor.account_id) and row.held_until > clock.real():
        raise PhoneTaskTaken
    _put(task_id, holder_id=actor.account_id, held_until=clock.real() + HOLD)
    audit.record(actor, "take_phone_task", f"phone_task:{task_id}", {"ticket": row.ticket_number})
    return _shown(actor, task_id)


def record_call(
    actor: Actor,
    task_id: int,
    outcome: CallOutcome,
    calendar: WorkCalendar,
    *,
    at: datetime,
) -> ListedTask:
    """What came of a call by who has taken the task, which is free again afterwards.

    Raises `NotFound`, `PhoneTaskOver`, `PhoneTaskNotTaken`.
    """
    row = require_held(actor, task_id)
    tried = sa.select(PhoneAttempt.called_at).where(PhoneAttempt.task_id == task_id)
    before = db.session.scalars(tried).all()
    following = after_call(outcome, before, calendar, is_urgent=row.is_urgent, at=at)
    attempt = {"seq": len(before) + 1, "ticket_id": row.ticket_id, "outcome": outcome}
    by = {"called_by": actor.account_id, "called_at": at}
    db.session.execute(sa.insert(PhoneAttempt).values(task_id=task_id, **attempt, **by))
    _put(
        task_id,
        state=following.state,
        call_from=following.call_from or row.call_from,
        closed_at=None if following.state is CallState.OPEN else at,
        **FREE,
    )
    facts = {"ticket": row.ticket_number, "outcome": outcome}
    audit.record(actor, "record_call", f"phone_task:{task_id}", facts)
    return _shown(actor, task_id)


def require_held(actor: Actor, task_id: int) -> sa.Row[Any]:
    """The open task that the actor has taken, locked. Raises as `record_call`."""
    row = _locked(actor, task_id)
    if row.state != CallState.OPEN:
        raise PhoneTaskOver
    if row.holder_id != actor.account_id or row.held_until <= clock.real():
        raise PhoneTaskNotTaken
    return row


def drop_what_is_over(*, real: datetime, at: datetime) -> int:
    """Open tasks that nobody holds and that are true no more, or of no use, end; how many."""
    is_free = sa.or_(PhoneTask.holder_id.is_(None), PhoneTask.held_until <= real)
    columns: tuple[Any, ...] = (PhoneTask.id, PhoneTask.expires_at, *TRUTH)
    query = (
        sa.select(*columns)
        .select_from(PhoneTask)
        .join(Notification, Notification.id == PhoneTask.notification_id)
    )
    free = with_truth(query).where(PhoneTask.state == sa.literal_column("'open'"), is_free)
    rows = db.session.execute(free.with_for_update(of=PhoneTask, skip_locked=True)).all()
    over = [row.id for row in rows if not _is_of_use(row._mapping, at)]
    if over:
        dropped = {"state": CallState.DROPPED, "closed_at": at} | FREE
        db.session.execute(sa.update(PhoneTask).where(PhoneTask.id.in_(over)).values(dropped))
    return len(over)


def _is_of_use(row: Mapping[Any, Any], at: datetime) -> bool:
    return row["expires_at"] > at and is_still_true(told(row), present(row, at=at), at=at)


def _visible(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    tried = sa.select(sa.func.count(PhoneAttempt.seq)).where(PhoneAttempt.task_id == PhoneTask.id)
    columns: tuple[Any, ...] = (
        *(PhoneTask.id, PhoneTask.ticket_id, PhoneTask.state, PhoneTask.cause),
        *(PhoneTask.is_urgent, PhoneTask.call_from, PhoneTask.expires_at, PhoneTask.holder_id),
        *(PhoneTask.held_until, Ticket.number.label("ticket_number"), Ticket.enterprise_id),
        sa.func.coalesce(Notification.kind, PhoneTask.kind).label("kind"),
        *(Notification.title, PhoneTask.due_at, Account.name, Account.phone),
        *(SEAT.role, SEAT.housekeeper_id, HOLDER.name.label("holder")),
        tried.scalar_subquery().label("attempts"),
    )
    return (
        sa.select(*columns)
        .select_from(PhoneTask)
        .join(Ticket, Ticket.id == PhoneTask.ticket_id)
        .outerjoin(Notification, Notification.id == PhoneTask.notification_id)
        .join(Account, Account.id == PhoneTask.account_id)
        .outerjoin(SEAT, SEAT.id == _SEATED)
        .outerjoin(HOLDER, HOLDER.id == PhoneTask.holder_id)
        .where(visible_phone_tasks(actor))
    )


def _locked(actor: Actor, task_id: int) -> sa.Row[Any]:
    mine = _visible(actor).where(PhoneTask.id == task_id)
    row = db.session.execute(mine.with_for_update(of=PhoneTask)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _put(task_id: int, **values: Any) -> None:
    db.session.execute(sa.update(PhoneTask).where(PhoneTask.id == task_id).values(**values))


def _shown(actor: Actor, task_id: int) -> ListedTask:
    row = db.session.execute(_visible(actor).where(PhoneTask.id == task_id)).one()
    return _listed(row._mapping)


def _listed(row: Mapping[Any, Any]) -> ListedTask:
    is_held = row["held_until"] is not None and row["held_until"] > clock.real()
    as_they_are = ("id", "ticket_number", "kind", "due_at", "cause", "is_urgent", "state")
    role = row["role"]
    return ListedTask(
        **{name: row[name] for name in (*as_they_are, "attempts", "call_from", "expires_at")},
        title=row["title"] or TITLES[MessageKind(row["kind"])],
        recipient=mask_name(row["name"]),
        recipient_role=role,
        recipient_role_label=labels.ROLE[role] if role else None,
        phone=mask_phone(unseal(row["phone"], "accounts.phone")) if row["phone"] else None,
        cause_label=CAUSE_LABELS[CallCause(row["cause"])],
        state_label=STATE_LABELS[CallState(row["state"])],
        holder=row["holder"] if is_held else None,
        held_until=row["held_until"] if is_held else None,
    )
