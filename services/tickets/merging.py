"""并案: merging into a parent, and what the job passes on from parents to children."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, system
from app.domain.facts.merging import AnswerOfParent, FollowParent, MergeInto, Parent, Unmerge
from app.domain.permissions import Permission as Act
from app.domain.ticket_records import Reply as Answer
from app.domain.vocabulary import Status
from app.models.reply import Reply
from app.models.ticket import Ticket
from services.tickets.decode import decode
from services.tickets.perform import Command, perform
from services.visibility.tickets import visible_tickets

FOLLOWER = system("并案")

_Parent = sa.orm.aliased(Ticket, name="parent")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: this ticket into that one, and why."""

    number: str
    parent_number: str
    reason: str
    expected_version: int | None = None


def merge(actor: Actor, wish: Wish, *, at: datetime) -> None:
    """Merge a visible ticket into another visible one; what was merged into it goes along.

    Both and the children are locked in the order of their ids, so that two who merge at once wait
    for each other and no circle comes about. Raises what `perform` raises.
    """
    _lock(wish)
    parent = _parent(actor, wish.parent_number)
    facts = MergeInto(parent, wish.reason)
    perform(actor, Command(wish.number, Act.MERGE, facts, wish.expected_version), at=at)
    if parent is None:
        return
    for number in _children_of(wish.number):
        perform(FOLLOWER, Command(number, Act.FOLLOW_PARENT, FollowParent(parent)), at=at)


def _lock(wish: Wish) -> None:
    own = sa.select(Ticket.id).where(Ticket.number == wish.number).scalar_subquery()
    meant = sa.or_(Ticket.number.in_((wish.number, wish.parent_number)), Ticket.parent_id == own)
    db.session.execute(sa.select(Ticket.id).where(meant).order_by(Ticket.id).with_for_update())


def _parent(actor: Actor, number: str) -> Parent | None:
    columns = [Ticket.__table__.c[field.name] for field in fields(Parent)]
    query = sa.select(*columns).where(Ticket.number == number, visible_tickets(actor))
    row = db.session.execute(query).one_or_none()
    return decode(Parent, row._mapping) if row else None


def _children_of(number: str) -> list[str]:
    own = sa.select(Ticket.id).where(Ticket.number == number).scalar_subquery()
    query = sa.select(Ticket.number).where(Ticket.parent_id == own).order_by(Ticket.id)
    return list(db.session.scalars(query))


def children_to_answer() -> list[str]:
    """Merged tickets whose parent has an answer that has not been passed on, oldest first."""
    query = sa.select(Ticket.number).join(_Parent, Ticket.parent_id == _Parent.id)
    return list(
        db.session.scalars(query.join(Reply, _IS_ANSWER).where(_IS_NEWER).order_by(Ticket.id))
    )


def children_left_alone() -> list[str]:
    """Merged tickets whose parent ended without any answer."""
    ended = _Parent.status.in_((Status.REFUSED, Status.WITHDRAWN))
    query = sa.select(Ticket.number).join(_Parent, Ticket.parent_id == _Parent.id)
    waiting = query.where(Ticket.status == Status.MERGED, Ticket.passed_on_at.is_(None), ended)
    return list(db.session.scalars(waiting.order_by(Ticket.id)))


def pass_on(number: str, *, at: datetime) -> bool:
    """Give the child its parent's answer; False when somebody else did."""
    columns: Any = [column for column in Reply.__table__.c if column.name not in _OF_THE_ROW]
    query = sa.select(*columns).select_from(Ticket).join(_Parent, Ticket.parent_id == _Parent.id)
    row = db.session.execute(
        query.join(Reply, _IS_ANSWER).where(Ticket.number == number, _IS_NEWER)
    ).one_or_none()
    if row is None:
        return False
    facts = AnswerOfParent(decode(Answer, row._mapping))
    perform(FOLLOWER, Command(number, Act.FORWARD_ANSWER, facts), at=at)
    return True


def let_go(number: str, *, at: datetime) -> None:
    """Let a child whose parent has ended go its own way again."""
    facts = Unmerge("主件已终止，恢复单独办理。")
    perform(FOLLOWER, Command(number, Act.UNMERGE, facts), at=at)


_OF_THE_ROW = frozenset({"id", "ticket_id"})
_IS_ANSWER = sa.and_(
    Reply.ticket_id == _Parent.id, Reply.round == _Parent.round, Reply.released_at.is_not(None)
)
_IS_NEWER = sa.and_(
    Ticket.status == Status.MERGED,
    sa.or_(Ticket.passed_on_at.is_(None), Ticket.passed_on_at < Reply.released_at),
)
