"""发起交接: a housekeeper's enterprises are on their way; until the signature nothing moves.

The deputies cover meanwhile, as ever, and no clock stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.handover import HandoverReason, HandoverState, NothingToHandOver, due_at
from app.domain.message_kinds import MessageKind
from app.domain.pairing_flow import PairingDeed, PairingState, after
from app.domain.permissions import Permission, Scope, scope_of
from app.domain.vocabulary import FINAL
from app.models.enterprise import Enterprise
from app.models.handover import Handover
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from app.models.ticket import Ticket
from services import audit
from services.pairing.propose import ON_DUTY
from services.pairing.recusals import MustRecuse, recused
from services.pairing.tell import tell_of_handover
from services.tickets.terms import newest_calendar, rules_at
from services.visibility.asking import within_area
from services.visibility.pairings import reached_housekeepers
from services.visibility.tickets import OPENLY_TOLD


@dataclass(frozen=True, slots=True)
class HandoverWish:
    """Why, to whom, and which enterprises; None: all that the housekeeper stands for."""

    reason: HandoverReason
    receiver_id: int
    enterprise_ids: tuple[int, ...] | None = None
    note: str | None = None


def open_handover(actor: Actor, housekeeper_id: int, wish: HandoverWish, *, at: datetime) -> int:
    """The new handover's id; the receiver is told to sign it.

    Raises `NotFound` (no such housekeeper within reach), `InvalidInput` (the receiver, or an
    enterprise that is not there to be handed over), `NothingToHandOver`, `MustRecuse`,
    `NoCalendar`.
    """
    giver = _giver(actor, housekeeper_id)
    receiver = _receiver(actor, giver, wish.receiver_id)
    pairings = _active(housekeeper_id, wish)
    _check_recusals(pairings, receiver)
    handover = Handover(
        housekeeper_id=housekeeper_id,
        receiver_id=wish.receiver_id,
        reason=wish.reason.value,
        state=HandoverState.OPEN.value,
        checklist=_checklist(housekeeper_id, pairings),
        note=wish.note,
        opened_by=actor.account_id,
        opened_at=at,
        due_at=due_at(newest_calendar(), rules_at(at=at), at=at),
    )
    db.session.add(handover)
    db.session.flush()
    _bind(pairings, handover)
    tell_of_handover(MessageKind.HANDOVER_TO_SIGN, handover.id, [wish.receiver_id], at=at)
    audit.record(actor, "open_handover", f"handover:{handover.id}")
    return handover.id


def _bind(pairings: Sequence[Pairing], handover: Handover) -> None:
    """They are under handover from now on."""
    for pairing in pairings:
        pairing.state = after(pairing.state, PairingDeed.BEGIN_HANDOVER).value
        pairing.handover_id = handover.id
    db.session.flush()


def _giver(actor: Actor, housekeeper_id: int) -> Housekeeper:
    within = reached_housekeepers(actor, Permission.OPEN_HANDOVER)
    query = sa.select(Housekeeper).where(Housekeeper.id == housekeeper_id, within)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def _receiver(actor: Actor, giver: Housekeeper, receiver_id: int) -> Housekeeper:
    """A colleague on duty: of the same unit, or anybody of the area for who answers for that."""
    is_area = scope_of(actor, Permission.OPEN_HANDOVER) is Scope.AREA
    within = (
        within_area(Housekeeper.area_code, actor.area_prefix)
        if is_area
        else Housekeeper.organisation_id == giver.organisation_id
    )
    query = sa.select(Housekeeper).where(
        Housekeeper.id == receiver_id, Housekeeper.id != giver.id, within
    )
    found = db.session.scalars(query).one_or_none()
    if found is None or found.duty_state != ON_DUTY:
        detail = "接收人须是您范围内的另一位在岗管家。"
        raise InvalidInput([FieldError("/receiver_id", "receiver", detail)])
    return found


def _active(housekeeper_id: int, wish: HandoverWish) -> list[Pairing]:
    query = sa.select(Pairing).where(
        Pairing.housekeeper_id == housekeeper_id, Pairing.state == PairingState.ACTIVE.value
    )
    if wish.enterprise_ids is not None:
        query = query.where(Pairing.enterprise_id.in_(wish.enterprise_ids))
    found = list(db.session.scalars(query.order_by(Pairing.id).with_for_update()))
    missing = {*(wish.enterprise_ids or ())} - {pairing.enterprise_id for pairing in found}
    if missing:
        named = "、".join(map(str, sorted(missing)))
        detail = f"这些企业没有可以移交的结对：{named}。"
        raise InvalidInput([FieldError("/enterprise_ids", "not-active", detail)])
    if not found:
        raise NothingToHandOver
    return found


def _check_recusals(pairings: Sequence[Pairing], receiver: Housekeeper) -> None:
    apart = sa.select(Enterprise.id).where(
        Enterprise.id.in_([pairing.enterprise_id for pairing in pairings]),
        recused(Enterprise.id, receiver.id, receiver.organisation_id),
    )
    found = list(db.session.scalars(apart))
    if found:
        named = "、".join(map(str, sorted(found)))
        raise MustRecuse(f"接收人对这些企业须回避：{named}。")


def _checklist(housekeeper_id: int, pairings: Sequence[Pairing]) -> dict[str, Any]:
    """What goes over, as it stands now: enterprises, open tickets, what has been promised.

    Confidential ones go over, too, and neither housekeeper hears of them.
    """
    enterprise_ids = [pairing.enterprise_id for pairing in pairings]
    names = sa.select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(enterprise_ids))
    named = {row.id: row.name for row in db.session.execute(names)}
    tickets = db.session.execute(
        sa.select(Ticket.number, Ticket.status, Ticket.due_at, Ticket.promised_days)
        .where(
            Ticket.enterprise_id.in_(enterprise_ids),
            Ticket.housekeeper_id == housekeeper_id,
            Ticket.status.not_in(FINAL),
            OPENLY_TOLD,
        )
        .order_by(Ticket.id)
    ).all()
    return {
        "enterprises": [
            {"id": each.enterprise_id, "name": named[each.enterprise_id], "role": each.role}
            for each in pairings
        ],
        "tickets": [_promised(row) for row in tickets],
    }


def _promised(ticket: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "status": ticket.status,
        "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
        "promised_days": ticket.promised_days,
    }
