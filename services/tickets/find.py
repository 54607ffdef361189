"""Lists of tickets: visible to the actor, filtered, sorted, a page at a time.

The statement of a list depends on who asks for what, but not on the values: it is prepared once for
each shape of a question.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.domain.actor import UNIT_ROLES, Actor
from app.domain.content_checks import NOTICE
from app.domain.keyset import Page
from app.domain.sla_clock import Light
from app.domain.ticket_flow import allowed_actions
from app.models.ticket import Ticket
from app.prepared import Prepared
from services.paging import Order, SortKey, cut, places_of, position, slice_of, sorted_by
from services.tickets.filters import FILTERS
from services.tickets.glance import DATED, GLANCED, glance_at, own_records
from services.tickets.lights import Now, light_of, lit
from services.tickets.queues import check_queue, in_queue
from services.tickets.search import (
    Way,
    asked_within,
    looked_up,
    on_the_walk,
    values_of_question,
    way_to,
)
from services.tickets.show import labelled, with_names
from services.tickets.terms import NEWEST_RULE
from services.visibility.asking import AnyActor, any_actor, values_of
from services.visibility.content_checks import is_title_veiled
from services.visibility.tickets import visible_tickets

SORTS: Mapping[str, Order] = {
    "due_at": Order("due_at", (SortKey(Ticket.due_at, is_nullable=True), SortKey(Ticket.id))),
    "-submitted_at": Order(
        "-submitted_at",
        (
            SortKey(Ticket.submitted_at, is_descending=True),
            SortKey(Ticket.id, is_descending=True),
        ),
    ),
    "-changed_at": Order(
        "-changed_at",
        (SortKey(Ticket.changed_at, is_descending=True), SortKey(Ticket.id, is_descending=True)),
    ),
}

SHAPES_KEPT = 500
AT = sa.bindparam("at", type_=sa.TIMESTAMP(timezone=True))

_SHOWN = (
    *("number", "title", "kind", "channel", "ticket_class", "area_code", "status", "step"),
    *("round", "version", "is_confidential", "is_anonymous", "is_unreasonable", "submitted_at"),
    *("changed_at", "due_at", "yellow_at", "tier", "escalation_cause"),
    *("urge_count", "urged_at", "is_urged"),
)
_shown = itemgetter(*_SHOWN)
_BESIDES = (
    *("id", "enterprise_id", "category_code", "housekeeper_id", "remaining_seconds", "limit_unit"),
    *("calendar_version", "hours_area"),
)
_COLUMNS = tuple(dict.fromkeys((*_SHOWN, *_BESIDES, *GLANCED, *DATED)))
_PAGE = sa.select(*(Ticket.__table__.c[name] for name in _COLUMNS))


class Shape(NamedTuple):
    """All of a question but its values. `after`: which values of the cursor are NULL."""

    who: AnyActor
    queue: str | None
    light: Light | None
    filters: frozenset[str]
    sort: str
    limit: int
    after: tuple[bool, ...] | None
    way: Way | None


def find_tickets(
    actor: Actor, filters: Mapping[str, Any], sort: str, page: Page, *, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of visible tickets. Raises `InvalidInput` for a queue or cursor that is not one."""
    queue, light = filters.get("queue"), filters.get("light")
    if queue:
        check_queue(actor, queue)
    asked = {name: filters[name] for name in FILTERS if filters.get(name) is not None}
    after = position(SORTS[sort], page)
    nulls = None if after is None else tuple(value is None for value in after)
    values = values_of(actor) | {"at": at}
    for name, value in asked.items():
        values |= FILTERS[name].values(value)
    values |= {_place(number): value for number, value in enumerate(after or ())}
    way = None
    if filters.get("q") is not None:
        question = asked_within(actor, filters["q"], values.get("filter_area_first"))
        values |= values_of_question(question)
        way = way_to(actor, question, asked, page.limit)
    shape = Shape(any_actor(actor), queue, light, frozenset(asked), sort, page.limit, nulls, way)
    found = slice_of(_prepared(shape).execute(values), SORTS[sort], page)
    return _items(actor, [row._asdict() for row in found.rows], at=at), found.next_cursor


@lru_cache(SHAPES_KEPT)
def _prepared(shape: Shape) -> Prepared:
    query = _PAGE.where(
        visible_tickets(shape.who), *(FILTERS[name].condition for name in shape.filters)
    )
    if "enterprise" in shape.filters and shape.who.role in UNIT_ROLES:
        query = query.where(Ticket.is_anonymous.is_(False))
    if shape.queue:
        query = query.where(in_queue(shape.who, shape.queue))
    if shape.light:
        query = query.where(lit(shape.light, at=AT))
    if shape.way and shape.who.is_enterprise:
        # Whoever may not read the words finds nothing by them.
        query = query.where(sa.not_(is_title_veiled(shape.who, Ticket.id)))
    order = SORTS[shape.sort]
    if shape.way is Way.WALK:
        query = query.where(on_the_walk())
    elif shape.way is Way.LOOK_UP:
        query, order = _of(looked_up(query), order)
    page = cut(query, order, shape.limit, _behind(order, shape.after))
    return Prepared(_named(page, order, shape.who))


def _of(found: sa.CTE, order: Order) -> tuple[sa.Select[*tuple[Any, ...]], Order]:
    """All of `found`, and `order` by its columns."""
    keys = tuple(replace(key, column=found.c[key.column.key]) for key in order.keys)
    return sa.select(*found.c), Order(order.name, keys)


def _named(
    page: sa.Select[*tuple[Any, ...]], order: Order, who: AnyActor
) -> sa.Select[*tuple[Any, ...]]:
    """`page` with names: looked up when it is known which tickets are on it."""
    tickets = page.subquery("page")
    places = [tickets.c[name] for name in places_of(order)]
    is_withheld = is_title_veiled(who, tickets.c.id).label("is_withheld")
    named = with_names(tickets, *(tickets.c[name] for name in _COLUMNS), is_withheld)
    return sorted_by(order, named.add_columns(NEWEST_RULE, *places), places)


def _behind(order: Order, nulls: tuple[bool, ...] | None) -> list[Any] | None:
    if nulls is None:
        return None
    return [
        None if is_null else sa.bindparam(_place(number), type_=key.column.type)
        for number, (key, is_null) in enumerate(zip(order.keys, nulls, strict=True))
    ]


def _place(number: int) -> str:
    return f"after_{number}"


def _items(actor: Actor, rows: list[dict[str, Any]], *, at: datetime) -> list[dict[str, Any]]:
    if not rows:
        return []
    now = Now(at)
    own = own_records(actor, [row["id"] for row in rows]) if actor.role in UNIT_ROLES else {}
    return [
        {
            **dict(zip(_SHOWN, _shown(row), strict=True)),
            **_withheld(row),
            **labelled(actor, row),
            "light": light_of(row, at=at),
            "remaining_minutes": now.remaining_minutes(row),
            "is_provisional": now.is_provisional(row),
            "allowed_actions": allowed_actions(glance_at(row, own.get(row["id"])), actor),
        }
        for row in rows
    ]


def _withheld(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_withheld": True, "title": NOTICE} if row["is_withheld"] else {"is_withheld": False}
