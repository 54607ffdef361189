"""Tickets, their parts and the statistics of them."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.permissions import GRANTS, Permission, Scope, scope_of
from app.domain.vocabulary import MatterKind, Status, UnitRole
from app.models.account import Membership
from app.models.assignment import Assignment
from app.models.revisit import Revisit
from app.models.ticket import Ticket
from services.visibility.asking import NOTHING, Asker, Condition, is_among, is_own, within_area
from services.visibility.matters import has_open
from services.visibility.register import paired_enterprises

UNTOUCHED = (Scope.OWN_ENTERPRISE, Scope.ALL)
"""Enterprises see all of their own; jobs, everything."""

AT_THE_DESK = (Status.FEEDBACK, Status.REVISITING)


def visible_tickets(actor: Asker) -> Condition:
    """The condition on `tickets` under which the actor may see a row."""
    scope = GRANTS[Permission.READ_TICKETS].get(actor.role)
    if scope is None:
        return NOTHING
    reach = _TICKETS[scope](actor)
    return reach if scope in UNTOUCHED else sa.and_(reach, is_not_about(actor))


NAMES_NOBODY = sa.and_(
    Ticket.complained_housekeeper_id.is_(None),
    sa.func.cardinality(Ticket.complained_organisation_ids) == 0,
)
"""Nobody is complained of."""

OPENLY_TOLD = sa.and_(Ticket.is_confidential.is_(False), NAMES_NOBODY)
"""What may stand in lists that several people share: checklists, loads, reasons."""


def is_not_about(actor: Asker) -> Condition:
    """Past whom it is dispatched does not see it: in no role, in no place, whatever was assigned.

    The people of a unit that is complained of, and the person of such a housekeeper, are known by
    all the memberships that they have or had.
    """
    is_meant = sa.exists().where(
        Membership.account_id == actor.account_id,
        sa.or_(
            Membership.housekeeper_id == Ticket.complained_housekeeper_id,
            Membership.organisation_id == sa.any_(Ticket.complained_organisation_ids),
        ),
    )
    own_unit = is_among(actor.organisation_id, Ticket.complained_organisation_ids)
    return sa.or_(NAMES_NOBODY, sa.and_(sa.not_(own_unit), sa.not_(is_meant)))


def _own_enterprise(actor: Asker) -> Condition:
    return Ticket.enterprise_id == actor.enterprise_id


def _paired(actor: Asker) -> Condition:
    """Enterprises with a standing pairing; never what is confidential."""
    return sa.and_(
        Ticket.is_confidential.is_(False),
        Ticket.enterprise_id.in_(paired_enterprises(actor, actor.pairing_role)),
    )


def _desk(actor: Asker) -> Condition:
    """What the own desk took in, and what waits for a call in the own area."""
    return sa.or_(
        is_own(Ticket.intake_organisation_id, actor.organisation_id),
        sa.and_(Ticket.status.in_(AT_THE_DESK), within_area(Ticket.area_code, actor.area_prefix)),
    )


def _area(actor: Asker) -> Condition:
    return within_area(Ticket.area_code, actor.area_prefix)


def _unit(actor: Asker) -> Condition:
    return _assigned_to(is_own(Assignment.organisation_id, actor.organisation_id))


def _co_unit(actor: Asker) -> Condition:
    return _assigned_to(
        is_own(Assignment.organisation_id, actor.organisation_id), Assignment.role == UnitRole.CO
    )


def _assigned_to(*conditions: Condition) -> Condition:
    return sa.exists().where(Assignment.ticket_id == Ticket.id, *conditions)


def _pool(actor: Asker) -> Condition:
    """The revisit pool of the area, less what the own unit handled; and one's own calls.

    In the pool is what waits for a revisit, a bad rating that is to be put right, and a
    withdrawal that is to be looked into.
    """
    waits = sa.or_(
        Ticket.status == Status.REVISITING,
        sa.and_(Ticket.status == Status.EVALUATING, has_open(MatterKind.RECTIFICATION)),
        Ticket.needs_pressure_check,
    )
    not_handled = sa.not_(is_among(actor.organisation_id, Ticket.handler_organisation_ids))
    called = sa.exists().where(
        Revisit.ticket_id == Ticket.id, Revisit.revisited_by == actor.account_id
    )
    return sa.or_(
        sa.and_(
            waits,
            within_area(Ticket.area_code, actor.area_prefix),
            not_handled,
        ),
        called,
    )


_TICKETS: Mapping[Scope, Callable[[Asker], Condition]] = {
    Scope.OWN_ENTERPRISE: _own_enterprise,
    Scope.PAIRING: _paired,
    Scope.DESK: _desk,
    Scope.AREA: _area,
    Scope.UNIT: _unit,
    Scope.CO_UNIT: _co_unit,
    Scope.POOL: _pool,
    Scope.ALL: lambda _: sa.true(),
}


def visible_assignments(actor: Actor) -> Condition:
    """The condition on `assignments` joined to `tickets`: the unit's, or of what is visible."""
    scope = scope_of(actor, Permission.READ_ASSIGNMENTS)
    own = sa.and_(is_own(Assignment.organisation_id, actor.organisation_id), is_not_about(actor))
    if scope is Scope.UNIT:
        return own
    if scope is Scope.CO_UNIT:
        return sa.and_(own, Assignment.role == UnitRole.CO)
    return visible_tickets(actor) if scope else NOTHING


def visible_deliveries(actor: Actor) -> Condition:
    """The condition on `deliveries` joined to `tickets`: of what is visible, for who sees to it."""
    is_granted = scope_of(actor, Permission.MANAGE_DELIVERIES) is not None
    return visible_tickets(actor) if is_granted else NOTHING


def reported(actor: Actor, unit: Any = Ticket.lead_organisation_id) -> Condition:
    """The condition on `tickets` that the actor's statistics count: own area's, or own unit's.

    `unit` is the column that names the unit that answers for a row.
    """
    scope = scope_of(actor, Permission.READ_REPORTS)
    if scope is Scope.AREA:
        return within_area(Ticket.area_code, actor.area_prefix)
    if scope is not Scope.UNIT:
        return NOTHING
    return sa.and_(is_own(unit, actor.organisation_id), is_not_about(actor))
