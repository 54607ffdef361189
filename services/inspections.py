"""调阅: the reason for which somebody reads the details of a ticket, an entry of the audit.

The audit is the only place where it stands: what may be read is what it says.
"""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.inspection import FOR_A_REASON, VALID_FOR, InspectionRequired
from app.domain.permissions import Permission, demand
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from app.models.ticket import Ticket
from services import audit
from services.visibility.asking import Condition
from services.visibility.tickets import visible_tickets

OF = "ticket:"


def state_reason(actor: Actor, number: str, reason: str, *, at: datetime) -> datetime:
    """Keep why the actor reads a visible ticket; answers until when it may. `at` is real time.

    Raises `Forbidden`, `NotFound`.
    """
    demand(actor, Permission.INSPECT_TICKET)
    _is_stated(actor, Ticket.number == number, at=at)
    audit.record(actor, "inspect_ticket", f"{OF}{number}", {"reason": reason})
    return at + VALID_FOR


def demand_reason(actor: Actor, number: str, *, at: datetime) -> None:
    """Whether the actor may read the details of a visible ticket. `at` is real time.

    Raises `NotFound`, `InspectionRequired`.
    """
    _demand(actor, Ticket.number == number, at=at)


def demand_reason_for_file(actor: Actor, attachment_id: int, *, at: datetime) -> None:
    """The same of a file: what no ticket has taken up yet needs no reason."""
    ticket_id = sa.select(Attachment.ticket_id).where(Attachment.id == attachment_id)
    if actor.role in FOR_A_REASON and db.session.scalar(ticket_id) is not None:
        _demand(actor, Ticket.id == ticket_id.scalar_subquery(), at=at)


def _demand(actor: Actor, which: Condition, *, at: datetime) -> None:
    if actor.role in FOR_A_REASON and not _is_stated(actor, which, at=at):
        raise InspectionRequired


def _is_stated(actor: Actor, which: Condition, *, at: datetime) -> bool:
    """Whether the actor has stated a reason for the visible ticket. Raises `NotFound`."""
    stated = sa.exists().where(
        AuditEntry.subject == OF + Ticket.number,
        AuditEntry.account_id == actor.account_id,
        AuditEntry.action == "inspect_ticket",
        AuditEntry.at > at - VALID_FOR,
    )
    found = db.session.execute(sa.select(stated).where(which, visible_tickets(actor))).first()
    if found is None:
        raise NotFound
    return bool(found[0])
