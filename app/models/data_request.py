"""个人信息请求: what people ask about what is kept of them, and what became of it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, one_of

REQUEST_KINDS = ("export", "correct", "delete")
OUTCOMES = ("done", "stored_only", "refused")


class DataRequest(Model):
    """个人信息请求 of an account: a copy, a correction, a deletion. Answered once, by `due_at`."""

    __tablename__ = "data_requests"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    words: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    answered_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", REQUEST_KINDS),
        one_of("outcome", OUTCOMES),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
    )
