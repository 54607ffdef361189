"""筛选诉求: what the list can be narrowed by, each as a condition with parameters of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from app.clock import LOCAL_ZONE
from app.db import db
from app.models.area import Area
from app.models.ticket import Ticket
from services.visibility.asking import Condition, Span, span_of, within_area

NO_AREA = Span("~", "~")


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition, and what its parameters are for a value that is asked for."""

    condition: Condition
    values: Callable[[Any], dict[str, Any]]


def _equal(name: str, column: Any) -> Filter:
    parameter = sa.bindparam(f"filter_{name}", type_=column.type)
    return Filter(column == parameter, lambda value: {parameter.key: value})


def _from(name: str, column: Any) -> Filter:
    parameter = sa.bindparam(f"filter_{name}", type_=column.type)
    return Filter(column >= parameter, lambda day: {parameter.key: _midnight(day)})


def _until(name: str, column: Any) -> Filter:
    parameter = sa.bindparam(f"filter_{name}", type_=column.type)
    return Filter(column < parameter, lambda day: {parameter.key: _midnight(day)})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _in_area() -> Filter:
    told = Span(
        sa.bindparam("filter_area_first", type_=sa.Text),
        sa.bindparam("filter_area_beyond", type_=sa.Text),
    )

    def values(code: str) -> dict[str, Any]:
        prefix = db.session.scalar(sa.select(Area.prefix).where(Area.code == code))
        span = span_of(prefix) if prefix else NO_AREA
        return {"filter_area_first": span.first, "filter_area_beyond": span.beyond}

    return Filter(within_area(Ticket.area_code, told), values)


_COLUMNS: Mapping[str, Any] = {
    "status": Ticket.status,
    "ticket_class": Ticket.ticket_class,
    "kind": Ticket.kind,
    "category": Ticket.category_code,
    "tier": Ticket.tier,
    "cause": Ticket.escalation_cause,
    "organisation": Ticket.lead_organisation_id,
    "enterprise": Ticket.enterprise_id,
}
_INSTANTS: Mapping[str, Any] = {
    "submitted": Ticket.submitted_at,
    "accepted": Ticket.accepted_at,
    "completed": Ticket.completed_at,
    "due": Ticket.due_at,
}

FILTERS: Mapping[str, Filter] = {
    **{name: _equal(name, column) for name, column in _COLUMNS.items()},
    **{f"{name}_from": _from(f"{name}_from", column) for name, column in _INSTANTS.items()},
    **{f"{name}_to": _until(f"{name}_to", column) for name, column in _INSTANTS.items()},
    "area": _in_area(),
}
