"""Files: one's own until a ticket has them, then with the ticket."""

import sqlalchemy as sa

from app.domain.actor import Actor, Role
from app.domain.permissions import Permission
from app.models.attachment import Attachment
from app.models.reply import Reply
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.visibility.asking import Asker, Condition
from services.visibility.tickets import visible_tickets


def visible_attachments(actor: Actor) -> Condition:
    """The condition on `attachments`: one's own while no ticket has it, then with the ticket."""
    own = sa.and_(Attachment.ticket_id.is_(None), Attachment.account_id == actor.account_id)
    with_ticket = sa.exists().where(Ticket.id == Attachment.ticket_id, visible_tickets(actor))
    return sa.or_(own, sa.and_(with_ticket, told_to(actor)))


def told_to(reader: Asker) -> Condition:
    """The condition on `attachments` of a ticket that the reader sees.

    An enterprise sees what it is told; who only helps, that, the files of the own unit and those
    with notes.
    """
    if reader.is_enterprise:
        return told_to_enterprise()
    if reader.role is Role.CO_HANDLER:
        of_unit = sa.exists().where(
            TicketEvent.ticket_id == Attachment.ticket_id,
            TicketEvent.seq == Attachment.event_seq,
            sa.or_(
                TicketEvent.organisation_id == reader.organisation_id,
                TicketEvent.action == Permission.COMMENT,
            ),
        )
        return sa.or_(told_to_enterprise(), of_unit)
    return sa.true()


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
