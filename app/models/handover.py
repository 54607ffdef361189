"""交接: the enterprises of one housekeeper on their way to another one."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.handover import HandoverReason, HandoverState
from app.models.columns import Id, Instant, one_of


class Handover(Model):
    """交接. Open until the receiver signs it or it is cancelled; `due_at`: to be signed by then.

    `checklist` lists what goes over: enterprises, open tickets, what has been promised.
    """

    __tablename__ = "handovers"

    id: Mapped[Id]
    housekeeper_id: Mapped[int] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    checklist: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str | None] = mapped_column(sa.Text)
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    opened_at: Mapped[Instant]
    due_at: Mapped[Instant]
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    settled_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("reason", HandoverReason),
        one_of("state", HandoverState),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("housekeeper_id <> receiver_id", name="to_somebody_else"),
    )
