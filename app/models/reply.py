"""答复: what the enterprise is told, drafted by the lead unit or given by the housekeeper."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.vocabulary import ResultCode
from app.models.columns import Id, Instant, one_of


class Reply(Model):
    """答复 of one round. Without a unit it is the housekeeper's direct answer."""

    __tablename__ = "replies"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    result_code: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text)
    handling_note: Mapped[str | None] = mapped_column(sa.Text)
    is_contacted: Mapped[bool]
    contacted_at: Mapped[Instant | None]
    is_claim_true: Mapped[bool | None]
    unsolved_reason: Mapped[str | None] = mapped_column(sa.Text)
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    drafted_at: Mapped[Instant]
    released_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    released_at: Mapped[Instant | None]
    rejection: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("result_code", ResultCode),
        sa.UniqueConstraint("ticket_id", "round", name="uq_replies_round"),
        sa.CheckConstraint("(released_by IS NULL) = (released_at IS NULL)", name="released"),
        sa.CheckConstraint("NOT is_contacted OR contacted_at IS NOT NULL", name="contacted"),
        sa.CheckConstraint(
            "result_code = 'solved' OR unsolved_reason IS NOT NULL", name="unsolved_has_reason"
        ),
    )
