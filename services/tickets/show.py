"""One ticket as its reader may see it, with the actions that are open to that reader.

One statement reads the ticket, the names it carries and the records that belong to it, as JSON that
goes out as it came. It is prepared once for each shape of reader.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from app import sealing
from app.domain import labels
from app.domain.actor import UNIT_ROLES, Actor, Role
from app.domain.disclosure import public_matter
from app.domain.errors import NotFound
from app.domain.masking import mask_name, mask_phone
from app.domain.ticket_flow import allowed_actions
from app.domain.veil import Veil
from app.domain.vocabulary import GONE, Tier
from app.models.category import Category
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.ticket import Ticket
from app.prepared import Prepared
from services.tickets.belongings import BELONGINGS, INNER_OF_REPLY, columns_beside
from services.tickets.glance import DATED, GLANCED, OwnRecords, glance_at
from services.tickets.intake import Submitted
from services.tickets.lights import Now, light_of
from services.tickets.terms import NEWEST_RULE
from services.visibility.asking import AnyActor, any_actor, values_of
from services.visibility.tickets import visible_tickets


def with_names(tickets: Any, *columns: Any) -> Any:
    """A select of `columns` of tickets, the table or a page of it, and of what `labelled` shows."""
    return (
        sa.select(
            *columns,
            Enterprise.name.label("enterprise_name"),
            Category.name.label("category_name"),
            Housekeeper.name.label("housekeeper_name"),
            Housekeeper.office_phone.label("housekeeper_phone"),
        )
        .select_from(tickets)
        .join(Enterprise, Enterprise.id == tickets.c.enterprise_id)
        .outerjoin(Category, Category.code == tickets.c.category_code)
        .outerjoin(Housekeeper, Housekeeper.id == tickets.c.housekeeper_id)
    )


PLAIN = (
    *("number", "title", "body", "kind", "channel", "is_confidential", "is_anonymous", "area_code"),
    *("round", "ticket_class", "status", "step", "version", "submitted_at", "contacted_at"),
    *("accepted_at", "first_completed_at", "completed_at", "delivered_at", "archived_at"),
    *("refused_at", "withdrawn_at", "changed_at", "promised_days", "result_code", "level"),
    *("due_at", "yellow_at", "is_unreasonable", "contact_confirmed", "lapse_ground"),
    *("resubmitted_from", "transferred_to", "transferred_at", "tier", "escalation_cause"),
    *("urge_count", "urged_at", "urge_again_at", "is_urged"),
)
_BESIDES = (
    *("enterprise_id", "category_code", "housekeeper_id", "remaining_seconds", "limit_unit"),
    *("contact_name", "contact_phone", "refusal", "intake_organisation_id"),
    *("calendar_version", "hours_area"),
)
MERGING_ACROSS = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
NAMELESS = {"id": None, "name": "匿名企业"}
_NAMES = dict.fromkeys((*PLAIN, *_BESIDES, *GLANCED, *DATED))
_LINKED = ("resubmitted_as", "parent_number", "parent_enterprise_id")
_NOTHING: Mapping[str, Any] = dict.fromkeys((*_NAMES, *BELONGINGS, *_LINKED)) | {
    "is_unreasonable": False,
    "tier": Tier.DESK.value,
    "is_urged": False,
    "urge_count": 0,
}
"""Of a ticket that has just begun, whatever nobody has told yet."""

_ALL: Any = Ticket.__table__
_AGAIN = sa.orm.aliased(Ticket)
_RESUBMITTED_AS = (
    sa.select(_AGAIN.number)
    .where(_AGAIN.resubmitted_from == Ticket.number)
    .scalar_subquery()
    .label("resubmitted_as")
)
_PARENT = sa.orm.aliased(Ticket)
_MERGED_INTO = tuple(
    sa.select(column)
    .where(_PARENT.id == Ticket.parent_id)
    .scalar_subquery()
    .label(f"parent_{column.key}")
    for column in (_PARENT.number, _PARENT.enterprise_id)
)
_SELECTED = (*(_ALL.c[name] for name in _NAMES), _RESUBMITTED_AS, *_MERGED_INTO, NEWEST_RULE)
_TICKET = with_names(_ALL, *_SELECTED).where(Ticket.number == sa.bindparam("number", type_=sa.Text))


def show_ticket(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """The representation of a visible ticket. Raises `NotFound`."""
    return _show(actor, _visible(any_actor(actor)), number, at=at)


def show_own_change(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """The ticket after the actor's own change, which may have taken it out of the actor's sight."""
    return _show(actor, _any(any_actor(actor)), number, at=at)


def show_new(actor: Actor, submitted: Submitted, *, at: datetime) -> dict[str, Any]:
    """A ticket right after it was submitted, told from what was written."""
    if submitted.change.attachment_ids:
        return show_own_change(actor, submitted.number, at=at)
    row = {**_NOTHING, **submitted.change.values, **submitted.beside}
    return _represented(actor, row, at=at)


@cache
def _visible(who: AnyActor) -> Prepared:
    query = _TICKET.where(visible_tickets(who))
    return Prepared(query.add_columns(*columns_beside(who)))


@cache
def _any(who: AnyActor) -> Prepared:
    return Prepared(_TICKET.add_columns(*columns_beside(who)))


def _show(actor: Actor, prepared: Prepared, number: str, *, at: datetime) -> dict[str, Any]:
    found = prepared.execute(values_of(actor) | {"number": number})
    if not found:
        raise NotFound
    return _represented(actor, found[0]._asdict(), at=at)


def _represented(actor: Actor, row: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    now, veil = Now(at), Veil.of(row.get("veiled"))
    shown = {name: row[name] for name in PLAIN}
    shown |= veil.submission(shown)
    is_nameless = is_nameless_to(actor.role, is_anonymous=row["is_anonymous"])
    shown |= labelled(actor, row) | {
        "light": light_of(row, at=at),
        "remaining_minutes": now.remaining_minutes(row),
        "is_provisional": now.is_provisional(row),
        "allowed_actions": allowed_actions(glance_at(row, _own(actor, row)), actor),
        "resubmitted_as": row["resubmitted_as"],
        "parent_number": _parent_number(row, actor),
        "contact": None if is_nameless or actor.role is Role.CO_HANDLER else _contact(row),
        "reply": _reply(row, actor),
        "rating": row["rating"],
        "supplements": veil.supplements(row["supplements"] or []),
        "matters": _matters(veil.matters(row["matters"] or []), actor),
        "attachments": row["attachments"] or [],
    }
    return shown if actor.is_enterprise else shown | _inner(row, actor)


def _own(actor: Actor, row: Mapping[str, Any]) -> OwnRecords | None:
    if actor.role not in UNIT_ROLES:
        return None
    for assignment in row["assignments"] or ():
        if (assignment["round"], assignment["organisation_id"]) == (
            row["round"],
            actor.organisation_id,
        ):
            return OwnRecords(assignment, row["reply"])
    return None


def is_nameless_to(role: Role, *, is_anonymous: bool) -> bool:
    """Whether a ticket keeps from the role whose it is: the units handle what, not for whom."""
    return is_anonymous and role in UNIT_ROLES


def labelled(actor: Actor, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The Chinese names and the named objects that every representation of a ticket carries."""
    housekeeper = {
        "id": row["housekeeper_id"],
        "name": row["housekeeper_name"],
        "office_phone": row["housekeeper_phone"],
    }
    return {
        "status_label": labels.STATUS[row["status"]],
        "step_label": labels.STEP[row["step"]],
        "tier_label": labels.TIER[row["tier"]],
        "enterprise": NAMELESS
        if is_nameless_to(actor.role, is_anonymous=row["is_anonymous"])
        else {"id": row["enterprise_id"], "name": row["enterprise_name"]},
        "category": {"code": row["category_code"], "name": row["category_name"]}
        if row["category_code"]
        else None,
        "housekeeper": housekeeper if row["housekeeper_id"] else None,
    }


def _contact(row: Mapping[Any, Any]) -> dict[str, Any] | None:
    if row["contact_phone"] is None:
        return None
    name = row["contact_name"] and sealing.unseal(row["contact_name"], "tickets.contact_name")
    phone = sealing.unseal(row["contact_phone"], "tickets.contact_phone")
    return {"name": mask_name(name) if name else None, "phone": mask_phone(phone)}


def _reply(row: Mapping[str, Any], actor: Actor) -> dict[str, Any] | None:
    """The enterprise reads a reply once it is released; who only helps, the draft to countersign.

    Neither reads anything inner.
    """
    reply = row["reply"]
    is_outside = actor.is_enterprise or actor.role is Role.CO_HANDLER
    if reply is None or (
        is_outside and reply["released_at"] is None and not _is_to_countersign(row, actor)
    ):
        return None
    hidden = INNER_OF_REPLY if is_outside else frozenset()
    told = {name: value for name, value in reply.items() if name not in hidden}
    return told | {"result_label": labels.RESULT[reply["result_code"]]}


def _is_to_countersign(row: Mapping[str, Any], actor: Actor) -> bool:
    """A draft stands, and the reader's unit has its part in it."""
    own = None if actor.is_enterprise else _own(actor, row)
    return (
        own is not None
        and own.assignment["state"] not in GONE
        and row["reply"]["rejection"] is None
    )


def _matters(matters: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """The enterprise, and who only helps, read what an enterprise is told of; or the own unit's."""
    if not (actor.is_enterprise or actor.role is Role.CO_HANDLER):
        shown = matters
    else:
        own = actor.organisation_id
        told = (
            matter if own and matter["organisation_id"] == own else public_matter(matter)
            for matter in matters
        )
        shown = [matter for matter in told if matter]
    return [
        matter
        | {
            "kind_label": labels.MATTER[matter["kind"]],
            "outcome_label": matter["outcome"] and labels.MATTER_OUTCOME[matter["outcome"]],
        }
        for matter in shown
    ]


def _parent_number(row: Mapping[Any, Any], actor: Actor) -> str | None:
    """Into which it was merged; another enterprise's only to who may say that both are one."""
    is_own = row["parent_enterprise_id"] == row["enterprise_id"]
    return row["parent_number"] if is_own or actor.role in MERGING_ACROSS else None


def _inner(row: Mapping[Any, Any], actor: Actor) -> dict[str, Any]:
    """What officials see beyond the enterprise's view; who only helps, of the own unit alone."""
    assignments, revisit = row["assignments"] or [], row["revisit"]
    if actor.role is Role.CO_HANDLER:
        own = actor.organisation_id
        assignments = [one for one in assignments if one["organisation_id"] == own]
        revisit = None
    return {
        "assignments": assignments,
        "refusal": row["refusal"],
        "revisit": revisit,
        "intake_organisation_id": row["intake_organisation_id"],
    }
