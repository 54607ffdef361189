"""One ticket as its reader may see it, with the actions that are open to that reader."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_name, mask_phone
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_state import Reply, TicketState
from app.models.attachment import Attachment
from app.models.category import Category
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from services.tickets.decode import decode
from services.tickets.lights import light_of, remaining_minutes
from services.tickets.read_state import with_records
from services.tickets.terms import newest_calendar
from services.visibility import Condition, told_to_enterprise, visible_tickets


def with_names(*columns: Any) -> Any:
    """A select of `columns` of tickets, and of the names that `labelled` shows."""
    return (
        sa.select(
            *columns,
            Enterprise.name.label("enterprise_name"),
            Category.name.label("category_name"),
            Housekeeper.name.label("housekeeper_name"),
            Housekeeper.office_phone.label("housekeeper_phone"),
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Category, Category.code == Ticket.category_code)
        .outerjoin(Housekeeper, Housekeeper.id == Ticket.housekeeper_id)
    )


_TICKET = with_names(*Ticket.__table__.c)

PLAIN = (
    *("number", "title", "body", "kind", "channel", "is_confidential", "area_code", "round"),
    *("ticket_class", "status", "step", "version", "submitted_at", "contacted_at", "accepted_at"),
    *("completed_at", "delivered_at", "archived_at", "refused_at", "withdrawn_at", "changed_at"),
    *("promised_days", "result_code", "level", "due_at", "yellow_at"),
)


def show_ticket(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """The representation of a visible ticket. Raises `NotFound`."""
    return _show(actor, visible_tickets(actor), number, at=at)


def show_own_change(actor: Actor, number: str, *, at: datetime) -> dict[str, Any]:
    """The ticket after the actor's own change, which may have taken it out of the actor's sight."""
    return _show(actor, sa.true(), number, at=at)


def _show(actor: Actor, visible: Condition, number: str, *, at: datetime) -> dict[str, Any]:
    row = (
        db.session.execute(_TICKET.where(Ticket.number == number, visible)).mappings().one_or_none()
    )
    if row is None:
        raise NotFound
    state = with_records(decode(TicketState, row))
    shown = {name: row[name] for name in PLAIN}
    shown |= labelled(row) | {
        "light": light_of(row, at=at),
        "remaining_minutes": remaining_minutes(row, newest_calendar(), at=at),
        "allowed_actions": allowed_actions(state, actor),
        "contact": _contact(row),
        "reply": _reply(state.reply, actor),
        "supplements": [asdict(request) for request in state.supplements],
        "attachments": _attachments(row["id"], actor),
    }
    return shown if actor.is_enterprise else shown | _inner(row, state)


def labelled(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The Chinese names and the named objects that every representation of a ticket carries."""
    housekeeper = {
        "id": row["housekeeper_id"],
        "name": row["housekeeper_name"],
        "office_phone": row["housekeeper_phone"],
    }
    return {
        "status_label": labels.STATUS[row["status"]],
        "step_label": labels.STEP[row["step"]],
        "enterprise": {"id": row["enterprise_id"], "name": row["enterprise_name"]},
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


def _reply(reply: Reply | None, actor: Actor) -> dict[str, Any] | None:
    """The enterprise reads a reply once it is released, and never the inner note."""
    if reply is None or (actor.is_enterprise and reply.released_at is None):
        return None
    shown = asdict(reply)
    shown["result_label"] = labels.RESULT[reply.result_code]
    if actor.is_enterprise:
        for inner in ("handling_note", "rejection", "drafted_by", "released_by", "drafted_at"):
            del shown[inner]
    return shown


def _inner(row: Mapping[Any, Any], state: TicketState) -> dict[str, Any]:
    """What officials see beyond the enterprise's view."""
    names = _unit_names(state)
    assignments = [
        asdict(one) | {"organisation_name": names.get(one.organisation_id)}
        for one in state.assignments
    ]
    return {
        "assignments": assignments,
        "refusal": dict(state.refusal) if state.refusal else None,
        "revisit": asdict(state.revisit) if state.revisit else None,
        "intake_organisation_id": row["intake_organisation_id"],
    }


def _unit_names(state: TicketState) -> dict[int, str]:
    units = {one.organisation_id for one in state.assignments}
    if not units:
        return {}
    found = db.session.execute(
        sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(units))
    )
    return {row.id: row.name for row in found}


def _attachments(ticket_id: int, actor: Actor) -> list[dict[str, Any]]:
    query = (
        sa.select(Attachment.id, Attachment.filename, Attachment.media_type, Attachment.size)
        .where(Attachment.ticket_id == ticket_id)
        .order_by(Attachment.id)
    )
    if actor.is_enterprise:
        query = query.where(told_to_enterprise())
    return [dict(row) for row in db.session.execute(query).mappings()]
