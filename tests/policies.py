"""Policies with other ladders, in force for tickets of June 2026."""

from dataclasses import asdict

import sqlalchemy as sa

from app.db import db
from app.domain.ladder import Ladder
from app.domain.sla_clock import ClockKind
from app.models.sla import SlaPolicy

_KEPT = ("ticket_class", "clock", "amount", "unit", "extension_days", "total_days")
FROM = "2026-01-01"


def set_ladder(ladder: Ladder, *clocks: ClockKind) -> None:
    """The limits of these clocks, as they were, with `ladder`."""
    columns = [SlaPolicy.__table__.c[name] for name in _KEPT]
    numbers = asdict(ladder)
    given = [sa.cast(sa.literal(FROM), sa.Date), *(sa.literal(n) for n in numbers.values())]
    rows = sa.select(*columns, *given).where(SlaPolicy.clock.in_(clocks))
    names = [*_KEPT, "effective_from", *numbers]
    db.session.execute(sa.insert(SlaPolicy).from_select(names, rows))
