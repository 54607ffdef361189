"""结对: the time-bounded link between an enterprise and a housekeeper."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant, one_of

STANDING = ("active", "handing_over")


class Pairing(Model):
    """结对. At most one standing A role (`lead`) and one B role (`deputy`) per enterprise."""

    __tablename__ = "pairings"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    housekeeper_id: Mapped[int] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    role: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    proposed_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("role", ("lead", "deputy")),
        one_of("state", ("proposed", "confirmed", "active", "handing_over", "ended")),
        sa.CheckConstraint(
            "state NOT IN ('active', 'handing_over') OR started_at IS NOT NULL", name="started"
        ),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        sa.Index(
            "uq_pairings_standing",
            "enterprise_id",
            "role",
            unique=True,
            postgresql_where=sa.text("state IN ('active', 'handing_over')"),
        ),
        sa.Index(
            "uq_pairings_open",
            "enterprise_id",
            "housekeeper_id",
            "role",
            unique=True,
            postgresql_where=sa.text("state <> 'ended'"),
        ),
    )

    def end(self, *, at: datetime) -> None:
        """The pairing is over; its history stays."""
        self.state, self.ended_at = "ended", at
