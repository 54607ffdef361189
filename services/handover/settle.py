"""签收或取消交接: the signature moves everything in one transaction, and nothing before it does."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, system
from app.domain.errors import NotFound
from app.domain.facts.handover import HandedOver
from app.domain.handover import HandoverSettled, HandoverState
from app.domain.message_kinds import MessageKind
from app.domain.pairing_flow import (
    STANDING,
    EndReason,
    PairingDeed,
    PairingRole,
    PairingState,
    after,
)
from app.domain.pairing_grounds import Grounds, Rule
from app.domain.permissions import Permission
from app.domain.vocabulary import FINAL
from app.models.handover import Handover
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from app.models.ticket import Ticket
from services import audit
from services.pairing.follow_ups import hand_over_visits
from services.pairing.recusals import MustRecuse, recused
from services.pairing.tell import tell_of_change, tell_of_handover
from services.tickets.perform import Command, perform
from services.visibility.pairings import reached_housekeepers


def sign(actor: Actor, handover_id: int, *, at: datetime) -> None:
    """The receiver takes over: pairings, open tickets, and everybody is told.

    Raises `NotFound` (not the receiver's), `HandoverSettled`, `MustRecuse`.
    """
    handover = _locked(handover_id, Handover.receiver_id == actor.housekeeper_id)
    given = _pairings(handover)
    _check_recusals(given, handover.receiver_id)
    for pairing in given:
        pairing.state = after(pairing.state, PairingDeed.HAND_OVER).value
        pairing.ended_at, pairing.ended_by = at, actor.account_id
        pairing.end_reason = EndReason.HANDED_OVER.value
    db.session.flush()
    taken = _take_over(actor, handover, given, at)
    leads = [each for each in given if each.role == PairingRole.LEAD]
    hand_over_visits([each.enterprise_id for each in leads], handover.receiver_id)
    _move_tickets(handover, leads, at)
    _settle(actor, handover, HandoverState.SIGNED, at)
    tell_of_change(taken, tells_housekeepers=False, at=at)
    people = [handover.housekeeper_id, handover.receiver_id]
    tell_of_handover(MessageKind.HANDOVER_SIGNED, handover.id, people, at=at)
    audit.record(actor, "sign_handover", f"handover:{handover.id}")


def cancel(actor: Actor, handover_id: int, *, at: datetime) -> None:
    """Everything stays as it was before. Raises `NotFound`, `HandoverSettled`."""
    within = sa.select(Housekeeper.id).where(reached_housekeepers(actor, Permission.OPEN_HANDOVER))
    handover = _locked(handover_id, Handover.housekeeper_id.in_(within))
    for pairing in _pairings(handover):
        pairing.state = after(pairing.state, PairingDeed.CANCEL_HANDOVER).value
        pairing.handover_id = None
    _settle(actor, handover, HandoverState.CANCELLED, at)
    people = [handover.housekeeper_id, handover.receiver_id]
    tell_of_handover(MessageKind.HANDOVER_CANCELLED, handover.id, people, at=at)
    audit.record(actor, "cancel_handover", f"handover:{handover.id}")


def _locked(handover_id: int, within: sa.ColumnElement[bool]) -> Handover:
    query = sa.select(Handover).where(Handover.id == handover_id, within).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.state != HandoverState.OPEN:
        raise HandoverSettled
    return found


def _pairings(handover: Handover) -> list[Pairing]:
    """What is still on its way; a register may have replaced some meanwhile."""
    query = sa.select(Pairing).where(
        Pairing.handover_id == handover.id, Pairing.state == PairingState.HANDING_OVER.value
    )
    locked = query.order_by(Pairing.id).with_for_update()
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def _check_recusals(given: Sequence[Pairing], receiver_id: int) -> None:
    receiver = db.session.get_one(Housekeeper, receiver_id)
    apart = sa.select(Pairing.id).where(
        Pairing.id.in_([each.id for each in given]),
        recused(Pairing.enterprise_id, receiver.id, receiver.organisation_id),
    )
    if db.session.scalars(apart).first() is not None:
        raise MustRecuse


def _take_over(
    actor: Actor, handover: Handover, given: Sequence[Pairing], at: datetime
) -> list[int]:
    """The new pairings. Who was B for an enterprise and becomes A is B no longer."""
    leading = _end_present(handover, [each.enterprise_id for each in given], at)
    taken = [
        Pairing(
            enterprise_id=each.enterprise_id,
            housekeeper_id=handover.receiver_id,
            role=each.role,
            state=PairingState.ACTIVE.value,
            proposed_at=handover.opened_at,
            proposed_by=handover.opened_by,
            confirmed_at=at,
            confirmed_by=actor.account_id,
            started_at=at,
            grounds=Grounds(Rule.HANDOVER, note=handover.note).stored(),
        )
        for each in _one_role_each(given, leading)
    ]
    db.session.add_all(taken)
    db.session.flush()
    return [each.id for each in taken]


def _one_role_each(given: Sequence[Pairing], leading: set[int]) -> list[Pairing]:
    """Nobody is the own stand-in: where both roles come together, only A does."""
    leads = leading | {each.enterprise_id for each in given if each.role == PairingRole.LEAD}
    return [
        each for each in given if each.role == PairingRole.LEAD or each.enterprise_id not in leads
    ]


def _end_present(handover: Handover, enterprise_ids: Sequence[int], at: datetime) -> set[int]:
    """What the receiver had with these enterprises gives way, but for those led already: which."""
    query = sa.select(Pairing).where(
        Pairing.enterprise_id.in_(enterprise_ids),
        Pairing.housekeeper_id == handover.receiver_id,
        Pairing.state != PairingState.ENDED.value,
    )
    leading = set()
    for pairing in db.session.scalars(query.with_for_update()):
        if pairing.role == PairingRole.LEAD and pairing.state in STANDING:
            leading.add(pairing.enterprise_id)
            continue
        pairing.state = after(pairing.state, PairingDeed.REPLACE).value
        pairing.ended_at, pairing.end_reason = at, EndReason.REPLACED.value
    db.session.flush()
    return leading


def _move_tickets(handover: Handover, given: Sequence[Pairing], at: datetime) -> None:
    """Each open ticket by its one door, those included that the housekeeper must not see."""
    query = sa.select(Ticket.number).where(
        Ticket.enterprise_id.in_([each.enterprise_id for each in given]),
        Ticket.housekeeper_id == handover.housekeeper_id,
        Ticket.status.not_in(FINAL),
    )
    facts = HandedOver(handover.receiver_id, handover.id)
    for number in db.session.scalars(query.order_by(Ticket.id)).all():
        perform(system("handover"), Command(number, Permission.HAND_OVER, facts), at=at)


def _settle(actor: Actor, handover: Handover, state: HandoverState, at: datetime) -> None:
    handover.state, handover.settled_at = state.value, at
    handover.settled_by = actor.account_id
    db.session.flush()
