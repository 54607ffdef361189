"""流转规则: the numbers of a ticket's way, from which day on."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.rules import Rule
from app.models.columns import Id, one_of


class FlowRule(Model):
    """流转规则: an amount in force from a day on; a newer one is a new row."""

    __tablename__ = "flow_rules"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text)
    amount: Mapped[int]
    effective_from: Mapped[date]

    __table_args__ = (
        one_of("name", Rule),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("name", "effective_from", name="uq_flow_rules_from"),
    )
