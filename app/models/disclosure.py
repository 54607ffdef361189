"""查看联系方式的记录: who saw which contact data in clear, and why."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant


class Disclosure(Model):
    """查看记录. Of an enterprise, perhaps by way of one of its tickets, or of a housekeeper.

    What was seen stands nowhere here: only which fields, by whom, when, and the reason given.
    """

    __tablename__ = "disclosures"

    id: Mapped[Id]
    at: Mapped[Instant]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"))
    housekeeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("housekeepers.id"))
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    fields: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    reason: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (
        sa.CheckConstraint("num_nonnulls(enterprise_id, housekeeper_id) = 1", name="of_one"),
        sa.CheckConstraint("ticket_id IS NULL OR enterprise_id IS NOT NULL", name="of_ticket"),
        sa.CheckConstraint("cardinality(fields) > 0", name="of_something"),
        sa.Index("ix_disclosures_enterprise", "enterprise_id", "id"),
        sa.Index("ix_disclosures_housekeeper", "housekeeper_id", "id"),
        sa.Index("ix_disclosures_at", "at"),
        sa.Index(
            "ix_disclosures_ticket",
            "ticket_id",
            postgresql_where=sa.text("ticket_id IS NOT NULL"),
        ),
    )
