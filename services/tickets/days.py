"""到日提醒: which matters have come to the hour at which somebody is reminded of their day."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from app.db import db
from app.models.matter import Matter
from app.models.ticket import Ticket


class DueDay(NamedTuple):
    """A matter, by its ticket's number and its own within the ticket."""

    number: str
    seq: int


def days_to_remind_of(*, at: datetime) -> list[DueDay]:
    """The open matters that somebody has to be reminded of, longest due first."""
    query = (
        sa.select(Ticket.number, Matter.seq)
        .join(Ticket, Ticket.id == Matter.ticket_id)
        .where(Matter.settled_at.is_(None), Matter.remind_at <= at)
        .order_by(Matter.remind_at, Matter.id)
    )
    return [DueDay(*row) for row in db.session.execute(query)]
