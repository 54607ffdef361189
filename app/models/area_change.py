"""区划调整: what became of areas, and which tickets changed their code by it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.area_changes import ChangeKind
from app.models.columns import Id, Recorded, one_of


class AreaChange(Model):
    """区划调整. One predecessor, one successor; a merge or a split is several of them."""

    __tablename__ = "area_changes"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.Text)
    old_code: Mapped[str | None] = mapped_column(
        sa.CHAR(12), sa.ForeignKey("areas.code"), index=True
    )
    new_code: Mapped[str | None] = mapped_column(
        sa.CHAR(12), sa.ForeignKey("areas.code"), index=True
    )
    effective_on: Mapped[date]
    applied_at: Mapped[Recorded]

    __table_args__ = (
        one_of("kind", ChangeKind),
        sa.CheckConstraint(
            "(old_code IS NULL) = (kind = 'new') AND (new_code IS NULL) = (kind = 'end')",
            name="codes",
        ),
        sa.UniqueConstraint(
            "kind",
            "old_code",
            "new_code",
            "effective_on",
            name="uq_area_changes_once",
            postgresql_nulls_not_distinct=True,
        ),
    )


class RecodedTicket(Model):
    """改码的诉求: a ticket that was filed under the old code of a change and bears the new one."""

    __tablename__ = "recoded_tickets"

    ticket_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("tickets.id"), primary_key=True, autoincrement=False
    )
    change_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("area_changes.id"), primary_key=True, autoincrement=False
    )
