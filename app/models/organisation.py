"""单位: those who report, accept, handle, supervise."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Recorded, Sealed, one_of

KINDS = ("government", "department", "vertical", "township", "zone", "service_centre", "other")


class Organisation(Model):
    """单位. Unknown ones named in a workbook are created unconfirmed.

    `reports_categories` are of the register, `handles_categories` of the tickets.
    """

    __tablename__ = "organisations"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    kind: Mapped[str] = mapped_column(sa.Text, server_default="other")
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("areas.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    is_confirmed: Mapped[bool] = mapped_column(server_default=sa.false())
    reports_categories: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    handles_categories: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    office_phone: Mapped[str | None] = mapped_column(sa.Text)
    unit_head_name: Mapped[str | None] = mapped_column(sa.Text)
    unit_head_phone: Mapped[Sealed | None]
    deputy_leader_name: Mapped[str | None] = mapped_column(sa.Text)
    deputy_leader_phone: Mapped[Sealed | None]
    closed_on: Mapped[date | None]
    created_at: Mapped[Recorded]

    __table_args__ = (one_of("kind", KINDS),)
