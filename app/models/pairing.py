"""结对: the time-bounded link between an enterprise and a housekeeper."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.pairing_flow import STANDING as STANDING_STATES
from app.domain.pairing_flow import EndReason, PairingRole, PairingState
from app.domain.pairing_load import LoadKind
from app.domain.register import GRADES
from app.models.columns import Id, Instant, Recorded, one_of

STANDING = tuple(state.value for state in STANDING_STATES)


class Pairing(Model):
    """结对. At most one standing A role (`lead`) and one B role (`deputy`) per enterprise.

    `grounds` says why this housekeeper; actors are None where a register or a job did it.
    """

    __tablename__ = "pairings"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    housekeeper_id: Mapped[int] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    role: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    proposed_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    grounds: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    confirmed_at: Mapped[Instant | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    end_reason: Mapped[str | None] = mapped_column(sa.Text)
    end_note: Mapped[str | None] = mapped_column(sa.Text)
    handover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("handovers.id"))

    __table_args__ = (
        one_of("role", PairingRole),
        one_of("state", PairingState),
        one_of("end_reason", EndReason),
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
        sa.Index(
            "ix_pairings_handover_id",
            "handover_id",
            postgresql_where=sa.text("handover_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_pairings_proposed",
            "housekeeper_id",
            "id",
            postgresql_where=sa.text("state = 'proposed'"),
        ),
    )

    def end(self, *, at: datetime) -> None:
        """The pairing is over; its history stays."""
        self.state, self.ended_at = "ended", at


class PairingLimit(Model):
    """结对上限: how many enterprises one housekeeper of a grade should have, from a day on.

    Without a grade: of all grades that have none of their own. `kind`: key projects, or others.
    """

    __tablename__ = "pairing_limits"

    id: Mapped[Id]
    grade: Mapped[str | None] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    amount: Mapped[int]
    effective_from: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[Recorded]

    __table_args__ = (
        one_of("grade", GRADES),
        one_of("kind", LoadKind),
        sa.CheckConstraint("amount BETWEEN 0 AND 10000", name="amount"),
        sa.UniqueConstraint(
            "grade",
            "kind",
            "effective_from",
            name="uq_pairing_limits_one_a_day",
            postgresql_nulls_not_distinct=True,
        ),
    )


class Recusal(Model):
    """回避: a relative, or a unit that is inspecting the enterprise, must not look after it."""

    __tablename__ = "recusals"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    housekeeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("housekeepers.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[Instant]
    lifted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    lifted_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", ("relative", "inspecting")),
        sa.CheckConstraint(
            "(kind = 'relative') = (housekeeper_id IS NOT NULL)"
            " AND (kind = 'inspecting') = (organisation_id IS NOT NULL)",
            name="of_one",
        ),
        sa.Index(
            "uq_recusals_standing",
            "enterprise_id",
            "housekeeper_id",
            "organisation_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
        ),
    )


class HousekeeperChangeRequest(Model):
    """更换管家的请求 of an enterprise: once a quarter, and no reason need be given."""

    __tablename__ = "housekeeper_change_requests"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    quarter: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    wish: Mapped[str | None] = mapped_column(sa.Text)
    requested_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    requested_at: Mapped[Instant]
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    settled_at: Mapped[Instant | None]
    explanation: Mapped[str | None] = mapped_column(sa.Text)
    pairing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pairings.id"))

    __table_args__ = (
        one_of("state", ("open", "granted", "declined")),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("state <> 'declined' OR explanation IS NOT NULL", name="explained"),
        sa.CheckConstraint("(state = 'granted') = (pairing_id IS NOT NULL)", name="granted"),
        sa.UniqueConstraint(
            "enterprise_id", "quarter", name="uq_housekeeper_change_requests_once_a_quarter"
        ),
    )
