"""行政区划 and local zones: one tree, scoped by the prefix that the level cuts."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.areas import LEVELS
from app.models.columns import one_of


class Area(Model):
    """行政区划或本地管理区. `is_local` marks a zone without a national code.

    One that `ended_on` a day stays, because history bears its code (`area_changes`).
    """

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(sa.CHAR(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text)
    level: Mapped[str] = mapped_column(sa.Text)
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("areas.code"), index=True)
    prefix: Mapped[str] = mapped_column(sa.Text, index=True)
    is_local: Mapped[bool] = mapped_column(server_default=sa.false())
    ended_on: Mapped[date | None]

    __table_args__ = (
        one_of("level", LEVELS),
        sa.CheckConstraint("code ~ '^[0-9]{2}[0-9A-Z]{10}$'", name="code"),
        sa.CheckConstraint(
            "prefix = left(code, CASE level WHEN 'province' THEN 2 WHEN 'city' THEN 4"
            " WHEN 'county' THEN 6 WHEN 'town' THEN 9 ELSE 12 END)",
            name="prefix",
        ),
    )
