"""回访抽签: the strata with their seeds, and the lot that each answer took."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.revisit_lots import SEED_BYTES
from app.domain.vocabulary import TicketClass
from app.models.columns import Hash, Id, Instant, one_of


class RevisitStratum(Model):
    """抽样层: the answers of a unit (or direct ones of a county) and class in one month.

    `month` is its first day. `population` counts the lots taken. The seed and the shares stay as
    the stratum began: with them it can be drawn again.
    """

    __tablename__ = "revisit_strata"

    id: Mapped[Id]
    month: Mapped[date]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    area: Mapped[str] = mapped_column(sa.Text)
    ticket_class: Mapped[str] = mapped_column(sa.Text)
    percent: Mapped[int] = mapped_column(sa.SmallInteger)
    minimum: Mapped[int] = mapped_column(sa.SmallInteger)
    seed: Mapped[Hash]
    population: Mapped[int] = mapped_column(server_default="1")
    opened_at: Mapped[Instant]

    __table_args__ = (
        one_of("ticket_class", TicketClass),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        sa.CheckConstraint("minimum >= 0", name="minimum"),
        sa.CheckConstraint(f"length(seed) = {SEED_BYTES}", name="seed"),
        sa.CheckConstraint("(organisation_id IS NULL) = (area <> '')", name="unit_or_area"),
        sa.UniqueConstraint(
            "month",
            "organisation_id",
            "area",
            "ticket_class",
            name="uq_revisit_strata_once",
            postgresql_nulls_not_distinct=True,
        ),
    )


class RevisitLot(Model):
    """签: the place of one answer in its stratum."""

    __tablename__ = "revisit_lots"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"), primary_key=True)
    round: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    stratum_id: Mapped[int] = mapped_column(sa.ForeignKey("revisit_strata.id"))
    number: Mapped[int]
    is_drawn: Mapped[bool]

    __table_args__ = (
        sa.UniqueConstraint("stratum_id", "number", name="uq_revisit_lots_number"),
        sa.CheckConstraint("number > 0", name="number"),
    )
