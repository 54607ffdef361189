"""派单规则: which unit a kind of request belongs to, as was ruled once."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Instant


class RoutingRule(Model):
    """派单规则 from the ruling on a return, or from a consultation; suggested the next time."""

    __tablename__ = "routing_rules"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    seq: Mapped[int] = mapped_column(sa.SmallInteger)
    category_code: Mapped[str] = mapped_column(sa.ForeignKey("categories.code"))
    area_prefix: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    is_binding: Mapped[bool]
    made_at: Mapped[Instant]

    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "seq", name="uq_routing_rules_ruling"),
        sa.Index("ix_routing_rules_category", "category_code", "made_at"),
    )
