"""查看联系方式: what is masked, in clear, for a reason that is kept.

Each time there is a record that the enterprise can read and an entry of the audit; neither says
what was seen. Not within reach is `NotFound`, as everywhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import UNIT_ROLES, Actor
from app.domain.contact_fields import OF_A_HOUSEKEEPER, TO_CALL, ContactField
from app.domain.errors import Forbidden, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.disclosure import Disclosure
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.sealing import unseal
from services import audit
from services.directory.contacts import enterprise_contacts, housekeeper_phones
from services.paging import descending, fetch_page
from services.visibility.register import visible_enterprises, visible_housekeepers
from services.visibility.tickets import visible_tickets

NEWEST = descending("-id", Disclosure.id)


def reveal_enterprise(
    actor: Actor, enterprise_id: int, fields: Sequence[ContactField], reason: str, *, at: datetime
) -> dict[str, str | None]:
    """The wanted `fields` of a visible enterprise in clear, the others None.

    Raises `Forbidden`, `NotFound`.
    """
    demand(actor, Permission.REVEAL_ENTERPRISE)
    wanted = Enterprise.id == enterprise_id
    _require(sa.select(Enterprise.id).where(wanted, visible_enterprises(actor)))
    contact = enterprise_contacts([enterprise_id])[enterprise_id]
    keep_disclosure(actor, fields, reason, {"enterprise_id": enterprise_id}, at=at)
    audit.record(actor, "reveal_enterprise", f"enterprise:{enterprise_id}", _facts(fields, reason))
    return {
        field.value: getattr(contact, field) if field in fields else None for field in ContactField
    }


def reveal_housekeeper(
    actor: Actor, housekeeper_id: int, reason: str, *, at: datetime
) -> dict[str, str | None]:
    """The mobile number of a visible housekeeper. Raises `Forbidden`, `NotFound`."""
    demand(actor, Permission.REVEAL_HOUSEKEEPER)
    wanted = Housekeeper.id == housekeeper_id
    _require(sa.select(Housekeeper.id).where(wanted, visible_housekeepers(actor)))
    keep_disclosure(actor, OF_A_HOUSEKEEPER, reason, {"housekeeper_id": housekeeper_id}, at=at)
    subject, facts = f"housekeeper:{housekeeper_id}", _facts(OF_A_HOUSEKEEPER, reason)
    audit.record(actor, "reveal_housekeeper", subject, facts)
    return {"phone": housekeeper_phones([housekeeper_id])[housekeeper_id]}


def reveal_ticket(actor: Actor, number: str, reason: str, *, at: datetime) -> dict[str, str | None]:
    """Whom to call about a visible ticket: its own contact, else that of the enterprise.

    Raises `Forbidden`, `NotFound`.
    """
    demand(actor, Permission.REVEAL_TICKET)
    ticket = _require(
        sa.select(
            Ticket.id,
            Ticket.enterprise_id,
            Ticket.contact_name,
            Ticket.contact_phone,
            Ticket.is_anonymous,
        ).where(Ticket.number == number, visible_tickets(actor))
    )
    if ticket.is_anonymous and actor.role in UNIT_ROLES:
        raise Forbidden("企业要求匿名，承办单位不能查看联系方式；请通过协调员联系。")
    about = {"enterprise_id": ticket.enterprise_id, "ticket_id": ticket.id}
    keep_disclosure(actor, TO_CALL, reason, about, at=at)
    audit.record(actor, "reveal_ticket", f"ticket:{number}", _facts(TO_CALL, reason))
    if ticket.contact_phone is None:
        contact = enterprise_contacts([ticket.enterprise_id])[ticket.enterprise_id]
        return {field.value: getattr(contact, field) for field in TO_CALL}
    name = ticket.contact_name
    return {
        "contact_name": unseal(name, "tickets.contact_name") if name else None,
        "contact_phone": unseal(ticket.contact_phone, "tickets.contact_phone"),
    }


def list_disclosures(
    actor: Actor, enterprise_id: int, page: Page
) -> tuple[list[dict[str, Any]], str | None]:
    """Who saw contact data of the actor's enterprise: role and unit, when, which, and why.

    Raises `Forbidden`, `NotFound`, `InvalidInput`.
    """
    demand(actor, Permission.READ_DISCLOSURES)
    if actor.enterprise_id != enterprise_id:
        raise NotFound
    query = (
        sa.select(
            Disclosure.id,
            Disclosure.at,
            Disclosure.role,
            Organisation.name.label("organisation_name"),
            Ticket.number.label("ticket_number"),
            Disclosure.fields,
            Disclosure.reason,
        )
        .outerjoin(Organisation, Organisation.id == Disclosure.organisation_id)
        .outerjoin(Ticket, Ticket.id == Disclosure.ticket_id)
        .where(Disclosure.enterprise_id == enterprise_id)
    )
    found = fetch_page(query, NEWEST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def _shown(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "role": row.role,
        "role_label": labels.ROLE[row.role],
        "organisation_name": row.organisation_name,
        "ticket_number": row.ticket_number,
        "fields": row.fields,
        "reason": row.reason,
    }


def _require(query: sa.Select[*tuple[Any, ...]]) -> Any:
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def keep_disclosure(
    actor: Actor, fields: Sequence[str], reason: str, about: dict[str, int], *, at: datetime
) -> None:
    """Record for the person concerned that the actor saw `fields`; what was seen is not kept."""
    kept = sa.insert(Disclosure).values(
        at=at,
        account_id=actor.account_id,
        role=actor.role,
        organisation_id=actor.organisation_id,
        fields=[str(field) for field in fields],
        reason=reason,
        **about,
    )
    db.session.execute(kept)


def _facts(fields: Sequence[str], reason: str) -> dict[str, Any]:
    return {"fields": [str(field) for field in fields], "reason": reason}
