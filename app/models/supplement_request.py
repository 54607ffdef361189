"""补正: one notice that lists all the material that is missing."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, JsonList


class SupplementRequest(Model):
    """补正通知 and what the enterprise supplied."""

    __tablename__ = "supplement_requests"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    attempt: Mapped[int] = mapped_column(sa.SmallInteger)
    items: Mapped[JsonList]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    asked_at: Mapped[Instant]
    answer: Mapped[str | None] = mapped_column(sa.Text)
    supplied_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    supplied_at: Mapped[Instant | None]
    late_items: Mapped[JsonList]
    is_breach_of_one_time_notice: Mapped[bool] = mapped_column(server_default=sa.false())

    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "attempt", name="uq_supplement_requests_attempt"),
        sa.CheckConstraint("attempt >= 1", name="counted"),
        sa.CheckConstraint("(supplied_by IS NULL) = (supplied_at IS NULL)", name="supplied"),
    )
