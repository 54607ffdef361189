"""提醒对象: who hears of each rung, from which day on."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import TicketClass
from app.models.columns import Id, JsonList, one_of


class RungRecipients(Model):
    """提醒对象 of a rung in force from a day on; a newer row replaces it, none changes.

    Without a clock or a class: of every one that has no row of its own. `recipients`: objects of
    `audience` and `channel`, first come first heard.
    """

    __tablename__ = "rung_recipients"

    id: Mapped[Id]
    rung: Mapped[str] = mapped_column(sa.Text)
    clock: Mapped[str | None] = mapped_column(sa.Text)
    ticket_class: Mapped[str | None] = mapped_column(sa.Text)
    recipients: Mapped[JsonList]
    effective_from: Mapped[date]

    __table_args__ = (
        one_of("rung", Rung),
        one_of("clock", ClockKind),
        one_of("ticket_class", TicketClass),
        sa.CheckConstraint("jsonb_array_length(recipients) > 0", name="somebody"),
        sa.UniqueConstraint(
            *("rung", "clock", "ticket_class", "effective_from"),
            name="uq_rung_recipients_from",
            postgresql_nulls_not_distinct=True,
        ),
    )
