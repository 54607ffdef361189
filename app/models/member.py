"""企业成员: how people come to act for an enterprise, besides its register's phone number."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.actor import ENTERPRISE_ROLES
from app.models.columns import Hash, Id, Instant, Sealed, one_of


class Invitation(Model):
    """邀请: a code that makes one person a member, once. Only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    role: Mapped[str] = mapped_column(sa.Text)
    code_hash: Mapped[Hash] = mapped_column(unique=True)
    invited_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    revoked_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("role", sorted(ENTERPRISE_ROLES)),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)"
            " AND (accepted_at IS NULL OR revoked_at IS NULL)",
            name="used_once",
        ),
    )


class MembershipRequest(Model):
    """加入申请 of somebody whose number no register knows; an official decides."""

    __tablename__ = "membership_requests"

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    name: Mapped[Sealed]
    phone: Mapped[Sealed]
    phone_hash: Mapped[Hash]
    note: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, server_default="pending")
    asked_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    reason: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("state", ("pending", "approved", "refused")),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided",
        ),
        sa.Index(
            "uq_membership_requests_pending",
            "enterprise_id",
            "phone_hash",
            unique=True,
            postgresql_where=sa.text("state = 'pending'"),
        ),
    )
