"""派单建议: which units a ticket belongs to, by earlier rulings and by their duties, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.vocabulary import AssignmentState
from app.models.area import Area
from app.models.assignment import Assignment
from app.models.organisation import Organisation
from app.models.routing_rule import RoutingRule
from app.models.ticket import Ticket
from services.visibility.asking import Condition, is_among
from services.visibility.tickets import visible_tickets

MOST = 10

BINDING, RULED, DUTY = "binding", "ruled", "duty"
WHY = {
    BINDING: "同类诉求经会商裁定由该单位主办，有约束力。",
    RULED: "同类诉求的退回裁定支持由该单位办理。",
    DUTY: "该单位登记的职责包含这一类别。",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that a ticket may belong to. `ground`: binding, ruled or duty; `why` in words.

    `source_number` and `made_at` are of the ruling, None where it is the unit's duty alone; the
    number also where the reader does not see that ticket.
    """

    organisation_id: int
    organisation_name: str
    ground: str
    why: str
    source_number: str | None = None
    made_at: datetime | None = None


_ASKED = (
    *(Ticket.id, Ticket.category_code, Ticket.area_code),
    Ticket.complained_organisation_ids,
)


def suggest_units(actor: Actor, number: str) -> list[Suggestion]:
    """Units for a visible ticket, each once: binding rulings, other rulings, duties.

    The newest ruling first; never a unit that has returned this ticket, unless by a binding one,
    nor one that is complained of.
    Raises `NotFound`.
    """
    ticket = db.session.execute(
        sa.select(*_ASKED).where(Ticket.number == number, visible_tickets(actor))
    ).one_or_none()
    if ticket is None:
        raise NotFound
    found: dict[int, Suggestion] = {}
    for one in (*_by_rulings(actor, ticket), *_by_duty(ticket)):
        if one.organisation_id not in ticket.complained_organisation_ids:
            found.setdefault(one.organisation_id, one)
    return list(found.values())[:MOST]


def _by_rulings(actor: Actor, ticket: Any) -> Iterator[Suggestion]:
    seen = sa.select(Ticket.number).where(
        Ticket.id == RoutingRule.ticket_id, visible_tickets(actor)
    )
    rows = db.session.execute(
        sa.select(
            RoutingRule.organisation_id,
            Organisation.name,
            RoutingRule.is_binding,
            seen.scalar_subquery().label("source_number"),
            RoutingRule.made_at,
        )
        .join(Organisation, Organisation.id == RoutingRule.organisation_id)
        .where(
            RoutingRule.category_code == ticket.category_code,
            sa.func.starts_with(ticket.area_code, RoutingRule.area_prefix),
            Organisation.closed_on.is_(None),
            sa.or_(RoutingRule.is_binding, _not_returned(ticket.id)),
        )
        .order_by(RoutingRule.is_binding.desc(), RoutingRule.made_at.desc(), RoutingRule.id.desc())
        .limit(MOST * MOST)
    )
    for row in rows:
        ground = BINDING if row.is_binding else RULED
        unit = row.organisation_id, row.name
        yield Suggestion(*unit, ground, WHY[ground], row.source_number, row.made_at)


def _by_duty(ticket: Any) -> Iterator[Suggestion]:
    """Units of that duty whose own area the ticket lies in, the nearest first; then the others."""
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.name)
        .outerjoin(Area, Area.code == Organisation.area_code)
        .where(
            is_among(sa.literal(ticket.category_code, sa.Text), Organisation.handles_categories),
            Organisation.closed_on.is_(None),
            sa.or_(Area.code.is_(None), sa.func.starts_with(ticket.area_code, Area.prefix)),
            _not_returned(ticket.id),
        )
        .order_by(sa.func.length(Area.prefix).desc().nulls_last(), Organisation.id)
        .limit(MOST)
    )
    for row in rows:
        yield Suggestion(row.id, row.name, DUTY, WHY[DUTY])


def _not_returned(ticket_id: int) -> Condition:
    returned = sa.exists().where(
        Assignment.ticket_id == ticket_id,
        Assignment.organisation_id == Organisation.id,
        Assignment.state == AssignmentState.RETURNED,
    )
    return sa.not_(returned)
