"""督办: cards, orders, entries for the bulletin, letters."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.sla_clock import ClockKind, Rung
from app.domain.supervision_flow import CardState, Deed, LetterState, OrderState
from app.models.columns import Id, Instant, one_of


class Card(Model):
    """黄牌、红牌, written with the event that issued it. The clock that caused it can undo it."""

    __tablename__ = "cards"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    clock: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    rung: Mapped[str] = mapped_column(sa.Text)
    issued_at: Mapped[Instant]
    due_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default=CardState.STANDING)
    cause: Mapped[str | None] = mapped_column(sa.Text)
    explained_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    explained_at: Mapped[Instant | None]
    grounds: Mapped[str | None] = mapped_column(sa.Text)
    appealed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    appealed_at: Mapped[Instant | None]
    ruling: Mapped[str | None] = mapped_column(sa.Text)
    ruled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    ruled_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("clock", ClockKind),
        one_of("rung", (Rung.YELLOW, Rung.RED)),
        one_of("state", CardState),
        sa.CheckConstraint("(grounds IS NULL) = (appealed_at IS NULL)", name="appealed"),
        sa.CheckConstraint("(ruling IS NULL) = (ruled_at IS NULL)", name="ruled"),
        sa.CheckConstraint("(state IN ('upheld', 'void')) = (ruled_at IS NOT NULL)", name="over"),
        sa.UniqueConstraint(
            *("ticket_id", "round", "clock", "organisation_id", "rung", "due_at"),
            name="uq_cards_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_cards_unit", "organisation_id", "issued_at"),
        sa.Index("ix_cards_issued_at", "issued_at"),
    )


class SupervisionOrder(Model):
    """督办单 on a ticket to a unit, proposed by the ladder (`clock`) or by a person."""

    __tablename__ = "supervision_orders"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    clock: Mapped[str | None] = mapped_column(sa.Text)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    grounds: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    proposed_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default=OrderState.SUBMITTED)
    requirement: Mapped[str | None] = mapped_column(sa.Text)
    issued_at: Mapped[Instant | None]
    due_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("clock", ClockKind),
        one_of("state", OrderState),
        sa.CheckConstraint("(issued_at IS NULL) = (due_at IS NULL)", name="issued"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.CheckConstraint(
            "state IN ('submitted', 'closed') OR issued_at IS NOT NULL", name="issued_first"
        ),
        sa.UniqueConstraint(
            *("ticket_id", "round", "clock", "organisation_id", "proposed_at"),
            name="uq_supervision_orders_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_supervision_orders_unit", "organisation_id", "id"),
    )


class SupervisionOrderEvent(Model):
    """督办单的经过: one deed, by whom, with which words. Only ever added to."""

    __tablename__ = "supervision_order_events"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision_orders.id"), index=True)
    deed: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    actor_name: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[Instant]

    __table_args__ = (one_of("deed", Deed), one_of("state", OrderState))


class Letter(Model):
    """提醒函 to a unit, about tickets by their numbers. Suggested by a job, sent by a person."""

    __tablename__ = "letters"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("areas.code"))
    state: Mapped[str] = mapped_column(sa.Text, server_default=LetterState.SUGGESTED)
    ticket_numbers: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    facts: Mapped[str] = mapped_column(sa.Text)
    suggested_at: Mapped[Instant]
    suggested_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    number: Mapped[int | None]
    basis: Mapped[str | None] = mapped_column(sa.Text)
    demand: Mapped[str | None] = mapped_column(sa.Text)
    contact: Mapped[str | None] = mapped_column(sa.Text)
    reply_by: Mapped[date | None]
    sent_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    sent_at: Mapped[Instant | None]
    reply: Mapped[str | None] = mapped_column(sa.Text)
    replied_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    replied_at: Mapped[Instant | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    closed_at: Mapped[Instant | None]
    closing_note: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("state", LetterState),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (number IS NULL) AND (number IS NULL) = (year IS NULL)",
            name="numbered",
        ),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="replied"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.UniqueConstraint("year", "number", name="uq_letters_number"),
        sa.Index("ix_letters_unit", "organisation_id", "id"),
    )


class BulletinEntry(Model):
    """通报条目: what was five working days late, for the next bulletin and a letter."""

    __tablename__ = "bulletin_entries"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    clock: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    due_at: Mapped[Instant]
    listed_at: Mapped[Instant]
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letters.id"), index=True)

    __table_args__ = (
        one_of("clock", ClockKind),
        sa.UniqueConstraint(
            *("ticket_id", "round", "clock", "organisation_id", "due_at"),
            name="uq_bulletin_entries_key",
        ),
    )
