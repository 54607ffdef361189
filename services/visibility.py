"""What an actor may see. Every read of tickets, enterprises and assignments starts here.

Scopes of `app.domain.permissions` become SQL conditions; no grant means no row, never an error, so
that "not yours" and "not there" are the same answer. The conditions are the same whether an actor's
values stand in them or, of `AnyActor`, parameters that are filled in later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from app.domain.actor import ENTERPRISE_ROLES, Actor, Role
from app.domain.permissions import GRANTS, Permission, Scope, scope_of
from app.domain.vocabulary import Status, UnitRole
from app.models.assignment import Assignment
from app.models.attachment import Attachment
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportBatch
from app.models.pairing import STANDING, Pairing
from app.models.reply import Reply
from app.models.revisit import Revisit
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent

Condition: TypeAlias = ColumnElement[bool]

NOTHING: Condition = sa.false()
AT_THE_DESK = (Status.FEEDBACK, Status.REVISITING)


@dataclass(frozen=True, slots=True)
class AnyActor:
    """Whoever acts in a role: the values of the person are parameters of the statement.

    What decides the shape of a condition is kept: the role, and whether the area is everywhere
    (""), nowhere (None), or to be told.
    """

    role: Role
    area_prefix: Any
    account_id = sa.bindparam("actor_account_id", type_=sa.BigInteger)
    enterprise_id = sa.bindparam("actor_enterprise_id", type_=sa.BigInteger)
    housekeeper_id = sa.bindparam("actor_housekeeper_id", type_=sa.BigInteger)
    organisation_id = sa.bindparam("actor_organisation_id", type_=sa.BigInteger)

    @property
    def is_enterprise(self) -> bool:
        return self.role in ENTERPRISE_ROLES


@dataclass(frozen=True, slots=True)
class Span:
    """The codes of an area and all below it: from `first` until before `beyond`."""

    first: Any
    beyond: Any


TOLD_AREA = Span(
    sa.bindparam("actor_area_first", type_=sa.Text),
    sa.bindparam("actor_area_beyond", type_=sa.Text),
)

Asker: TypeAlias = Actor | AnyActor


def any_actor(actor: Actor) -> AnyActor:
    """The shape of the actor: the same for all to whom the same statements apply."""
    return AnyActor(actor.role, TOLD_AREA if actor.area_prefix else actor.area_prefix)


def values_of(actor: Actor) -> dict[str, Any]:
    """What fills the parameters of the actor's shape."""
    area = span_of(actor.area_prefix) if actor.area_prefix else None
    return {
        "actor_account_id": actor.account_id,
        "actor_enterprise_id": actor.enterprise_id,
        "actor_housekeeper_id": actor.housekeeper_id,
        "actor_organisation_id": actor.organisation_id,
        "actor_area_first": area and area.first,
        "actor_area_beyond": area and area.beyond,
    }


def visible_tickets(actor: Asker) -> Condition:
    """The condition on `tickets` under which the actor may see a row."""
    scope = GRANTS[Permission.READ_TICKETS].get(actor.role)
    return _TICKETS[scope](actor) if scope else NOTHING


def within_area(column: Any, prefix: str | Span | None) -> Condition:
    """Rows whose area code begins with the prefix; "" is everywhere, None nowhere."""
    if prefix is None:
        return NOTHING
    if prefix == "":
        return sa.true()
    span = prefix if isinstance(prefix, Span) else span_of(prefix)
    return sa.and_(column >= span.first, column < span.beyond)


def span_of(prefix: str) -> Span:
    """The codes that begin with a prefix of at least one digit."""
    return Span(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))


def is_among(key: Any, column: Any) -> Condition:
    """Rows whose list of ids holds `key` (an id or a parameter); None is in no list."""
    value = sa.literal(key, sa.BigInteger) if key is None or isinstance(key, int) else key
    return sa.func.coalesce(value == sa.any_(column), sa.false())


def _own_enterprise(actor: Asker) -> Condition:
    return Ticket.enterprise_id == actor.enterprise_id


def _paired(actor: Asker) -> Condition:
    """Enterprises with a standing pairing; never what is confidential."""
    role = "lead" if actor.role == "housekeeper" else "deputy"
    return sa.and_(
        Ticket.is_confidential.is_(False),
        Ticket.enterprise_id.in_(_paired_enterprises(actor, role)),
    )


def _paired_enterprises(actor: Asker, role: str) -> sa.Select[int]:
    return sa.select(Pairing.enterprise_id).where(
        Pairing.housekeeper_id == actor.housekeeper_id,
        Pairing.role == role,
        Pairing.state.in_(STANDING),
    )


def _desk(actor: Asker) -> Condition:
    """What the own desk took in, and what waits for a call in the own area."""
    return sa.or_(
        Ticket.intake_organisation_id == actor.organisation_id,
        sa.and_(Ticket.status.in_(AT_THE_DESK), within_area(Ticket.area_code, actor.area_prefix)),
    )


def _area(actor: Asker) -> Condition:
    return within_area(Ticket.area_code, actor.area_prefix)


def _unit(actor: Asker) -> Condition:
    return _assigned_to(Assignment.organisation_id == actor.organisation_id)


def _co_unit(actor: Asker) -> Condition:
    return _assigned_to(
        Assignment.organisation_id == actor.organisation_id, Assignment.role == UnitRole.CO
    )


def _assigned_to(*conditions: Condition) -> Condition:
    return sa.exists().where(Assignment.ticket_id == Ticket.id, *conditions)


def _pool(actor: Asker) -> Condition:
    """The revisit pool of the area, less what the own unit handled; and one's own calls."""
    not_handled = sa.not_(is_among(actor.organisation_id, Ticket.handler_organisation_ids))
    called = sa.exists().where(
        Revisit.ticket_id == Ticket.id, Revisit.revisited_by == actor.account_id
    )
    return sa.or_(
        sa.and_(
            Ticket.status == Status.REVISITING,
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


def visible_enterprises(actor: Asker) -> Condition:
    """The condition on `enterprises` under which the actor may see a row."""
    scope = GRANTS[Permission.READ_ENTERPRISES].get(actor.role)
    if scope is Scope.OWN_ENTERPRISE:
        return Enterprise.id == actor.enterprise_id
    if scope is Scope.PAIRING:
        role = "lead" if actor.role == "housekeeper" else "deputy"
        return Enterprise.id.in_(_paired_enterprises(actor, role))
    if scope is Scope.AREA:
        return within_area(
            sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code),
            actor.area_prefix,
        )
    return NOTHING


def visible_housekeepers(actor: Actor) -> Condition:
    """The condition on `housekeepers` under which the actor may see a row."""
    if scope_of(actor, Permission.READ_HOUSEKEEPERS) is Scope.AREA:
        return within_area(Housekeeper.area_code, actor.area_prefix)
    return NOTHING


def visible_imports(actor: Actor) -> Condition:
    """The condition on `import_batches` under which the actor may see one: the own unit's."""
    if scope_of(actor, Permission.IMPORT_REGISTER) is not Scope.OWN:
        return NOTHING
    if actor.organisation_id is None:
        return ImportBatch.account_id == actor.account_id
    return ImportBatch.organisation_id == actor.organisation_id


def visible_assignments(actor: Actor) -> Condition:
    """The condition on `assignments` joined to `tickets`: the unit's, or of what is visible."""
    scope = scope_of(actor, Permission.READ_ASSIGNMENTS)
    if scope is Scope.UNIT:
        return Assignment.organisation_id == actor.organisation_id
    if scope is Scope.CO_UNIT:
        return sa.and_(
            Assignment.organisation_id == actor.organisation_id, Assignment.role == UnitRole.CO
        )
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
    return unit == actor.organisation_id if scope is Scope.UNIT else NOTHING


def visible_attachments(actor: Actor) -> Condition:
    """The condition on `attachments`: one's own while no ticket has it, then with the ticket."""
    own = sa.and_(Attachment.ticket_id.is_(None), Attachment.account_id == actor.account_id)
    with_ticket = sa.exists().where(Ticket.id == Attachment.ticket_id, visible_tickets(actor))
    told = told_to_enterprise() if actor.is_enterprise else sa.true()
    return sa.or_(own, sa.and_(with_ticket, told))


def told_to_enterprise() -> Condition:
    """The condition on `attachments` linked to a ticket: of public events, or of a released reply.

    A reply is drafted in private; its files go out with the release of that very draft.
    """
    released = sa.exists().where(
        Reply.ticket_id == TicketEvent.ticket_id,
        Reply.round == TicketEvent.round,
        Reply.drafted_at == TicketEvent.at,
        Reply.released_at.is_not(None),
    )
    is_reply = TicketEvent.action == Permission.REPLY
    return sa.exists().where(
        TicketEvent.ticket_id == Attachment.ticket_id,
        TicketEvent.seq == Attachment.event_seq,
        sa.or_(TicketEvent.is_public, sa.and_(is_reply, released)),
    )
