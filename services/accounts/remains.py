"""What is left of somebody's work: nobody leaves a place at which others would wait for nobody.

Pairings are handed over to another housekeeper; what a unit was given stays the unit's, so there it
takes a colleague. Source: the domain, section 3 (handover).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import PAIRED_ROLES, Role
from app.domain.errors import FieldError, InvalidInput, NotHandedOver, Remains
from app.domain.vocabulary import FINAL, AssignmentState
from app.models.account import Account, Membership
from app.models.assignment import Assignment
from app.models.pairing import STANDING, Pairing
from app.models.ticket import Ticket
from services.accounts.stored import is_in_force
from services.visibility.asking import NOTHING, Condition

WORKING = (Role.HANDLER, Role.CO_HANDLER)
OPEN = (AssignmentState.DISPATCHED, AssignmentState.SIGNED, AssignmentState.REPLIED)
NAMED = 5
_PAIRING_ROLE = {Role.HOUSEKEEPER: "lead", Role.DEPUTY_HOUSEKEEPER: "deputy"}


def demand_nothing_left(
    ending: Sequence[Membership],
    successor_id: int | None,
    *,
    states: Collection[str] = STANDING,
    at: datetime,
) -> None:
    """Whether these memberships of one account may end together.

    Pairings of `states` stand in the way. So do assignments of the unit that the account signed
    for, and all open ones when nobody else of the unit could work on them; unless a colleague,
    `successor_id`, takes them over. Raises `NotHandedOver`, `InvalidInput` (no such colleague).
    """
    units = {one.organisation_id: one for one in ending if one.role in WORKING}
    if successor_id is not None:
        _check_successor(successor_id, ending, at=at)
        units = {}
    pairings = _any_of(_of_pairing(one, states) for one in ending if one.role in PAIRED_ROLES)
    assignments = _any_of(_of_unit(one, at=at) for one in units.values())
    left = Remains(
        _count(Pairing, pairings),
        _count(Assignment, assignments),
        _first_tickets(pairings, assignments),
    )
    if left.pairings or left.assignments:
        raise NotHandedOver(left)


def _of_pairing(one: Membership, states: Collection[str]) -> Condition:
    """A deputy with dates leaves nothing: the pairings are those of the one who comes back."""
    if one.delegator_id is not None:
        return NOTHING
    return sa.and_(
        Pairing.housekeeper_id == one.housekeeper_id,
        Pairing.role == _PAIRING_ROLE[Role(one.role)],
        Pairing.state.in_(states),
    )


def _of_unit(one: Membership, *, at: datetime) -> Condition:
    is_open = sa.and_(Assignment.organisation_id == one.organisation_id, Assignment.state.in_(OPEN))
    if _colleagues(one.organisation_id, but=one.account_id, at=at):
        return sa.and_(is_open, Assignment.signed_by == one.account_id)
    return is_open


def _check_successor(successor_id: int, ending: Sequence[Membership], *, at: datetime) -> None:
    """Somebody else who works in every unit that is left."""
    units = {one.organisation_id for one in ending if one.role in WORKING}
    leaving = {one.account_id for one in ending}
    if successor_id in leaving or any(
        successor_id not in _colleagues(unit, but=None, at=at) for unit in units
    ):
        detail = "接手人须是同一单位在岗的经办人员。"
        raise InvalidInput([FieldError("/successor_account_id", "no-colleague", detail)], detail)


def _colleagues(organisation_id: int | None, but: int | None, *, at: datetime) -> list[int]:
    """The enabled accounts that work on assignments in the unit, but for one."""
    query = (
        sa.select(Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(WORKING),
            Membership.account_id.is_distinct_from(but),
            Account.is_enabled,
            is_in_force(Membership, at=at),
        )
    )
    return list(db.session.scalars(query))


def _any_of(conditions: Iterable[Condition]) -> Condition:
    return sa.or_(NOTHING, *conditions)


def _count(model: Any, condition: Condition) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(condition)) or 0


def _first_tickets(pairings: Condition, assignments: Condition) -> tuple[str, ...]:
    """The oldest open tickets of the enterprises paired and of the units' assignments."""
    paired = sa.exists().where(Pairing.enterprise_id == Ticket.enterprise_id, pairings)
    assigned = sa.exists().where(Assignment.ticket_id == Ticket.id, assignments)
    query = (
        sa.select(Ticket.number)
        .where(Ticket.status.not_in(FINAL), sa.or_(paired, assigned))
        .order_by(Ticket.id)
        .limit(NAMED)
    )
    return tuple(db.session.scalars(query))
