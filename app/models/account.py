"""账号 and 身份: who may log in, and as what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.actor import Role
from app.models.columns import Hash, Id, Instant, Recorded, Sealed, one_of

GONE = "已注销用户"
"""What a closed account is called, wherever its person's name stood."""


class Account(Model):
    """账号 of one person. What it may do hangs on its memberships.

    Without a password it is entered by WeChat only; staff are found there by their phone number.
    `must_change_password`: the password was handed out by somebody else, and opens nothing but its
    own change. `closed_at`: the person left for good, and nothing here tells any more who it was.
    """

    __tablename__ = "accounts"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(sa.Text, unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    password_hash: Mapped[str | None] = mapped_column(sa.Text)
    phone: Mapped[Sealed | None]
    phone_hash: Mapped[Hash | None] = mapped_column(unique=True)
    must_change_password: Mapped[bool] = mapped_column(server_default=sa.false())
    is_enabled: Mapped[bool] = mapped_column(server_default=sa.true())
    is_demo: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[Recorded]
    closed_at: Mapped[Instant | None]


class Membership(Model):
    """身份: a role at an enterprise or an organisation, within an area, from and until.

    `phone_hash` is the roster's number that vouches for it; NULL: granted by hand. `delegator_id`
    is the housekeeper's membership for which a deputy stands; it holds no longer than that one.
    """

    __tablename__ = "memberships"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    housekeeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("housekeepers.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("areas.code"))
    area_prefix: Mapped[str | None] = mapped_column(sa.Text)
    is_default: Mapped[bool] = mapped_column(server_default=sa.false())
    phone_hash: Mapped[Hash | None]
    valid_from: Mapped[Instant]
    valid_until: Mapped[datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    grant_reason: Mapped[str | None] = mapped_column(sa.Text)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    end_reason: Mapped[str | None] = mapped_column(sa.Text)
    delegator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("memberships.id"))

    __table_args__ = (
        one_of("role", [role for role in Role if role is not Role.SYSTEM]),
        sa.CheckConstraint(
            "(role IN ('enterprise_admin', 'enterprise_staff')) = (enterprise_id IS NOT NULL)",
            name="enterprise_role",
        ),
        sa.CheckConstraint(
            "(role IN ('housekeeper', 'deputy_housekeeper')) = (housekeeper_id IS NOT NULL)",
            name="paired_role",
        ),
        sa.CheckConstraint(
            "role NOT IN ('handler', 'unit_approver', 'co_handler') OR organisation_id IS NOT NULL",
            name="unit_role",
        ),
        sa.CheckConstraint(
            "role NOT IN ('coordinator', 'supervisor', 'revisitor', 'operator')"
            " OR area_prefix IS NOT NULL",
            name="area_role",
        ),
        sa.CheckConstraint(
            "delegator_id IS NULL OR role = 'deputy_housekeeper' AND valid_until IS NOT NULL",
            name="delegated",
        ),
        sa.Index("ix_memberships_unit", "organisation_id", "role"),
        sa.Index("ix_memberships_area_role", "role", "area_prefix"),
        sa.Index(
            "ix_memberships_delegator_id",
            "delegator_id",
            postgresql_where=sa.text("delegator_id IS NOT NULL"),
        ),
    )
