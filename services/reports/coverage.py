"""覆盖率: of the registered enterprises, how many have a housekeeper, and can be reached.

Active coverage asks for a contact phone that was verified within twelve months as well, because
registration alone is what gets chased. Source: domain, section 3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.pairing_load import CoverageGroup
from app.domain.permissions import Permission
from app.domain.register import CLOSED_DOWN
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.pairing import STANDING, Pairing
from services.visibility.pairings import RESPONSIBLE_AREA, reached_enterprises

VERIFIED_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One group. A rate is None where nothing is registered; `key` is None for the total."""

    key: str | None
    name: str
    registered: int
    covered: int
    actively_covered: int
    coverage_rate: float | None
    active_coverage_rate: float | None


def report_coverage(actor: Actor, group_by: CoverageGroup, *, at: datetime) -> dict[str, Any]:
    """The total and each group of the actor's own area. `at` is business time."""
    counted = db.session.execute(_counted(actor, group_by, at)).all()
    names = _names([row.key for row in counted]) if group_by is CoverageGroup.AREA else {}
    groups = [_line(row.key, names.get(row.key, row.key), *row[1:]) for row in counted]
    sums = [sum(row[place] for row in counted) for place in (1, 2, 3)]
    return {"group_by": group_by.value, "totals": _line(None, "合计", *sums), "groups": groups}


def _counted(actor: Actor, group_by: CoverageGroup, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    has_lead = sa.exists().where(
        Pairing.enterprise_id == Enterprise.id,
        Pairing.role == "lead",
        Pairing.state.in_(STANDING),
    )
    is_verified = Enterprise.contact_verified_at > at - VERIFIED_FOR
    county = sa.func.rpad(sa.func.left(RESPONSIBLE_AREA, 6), 12, "0")
    key = county if group_by is CoverageGroup.AREA else Enterprise.primary_category
    each = (
        sa.select(key.label("key"), has_lead.label("covered"), is_verified.label("verified"))
        .where(
            reached_enterprises(actor, Permission.READ_COVERAGE),
            Enterprise.operating_state != CLOSED_DOWN,
        )
        .subquery()
    )
    covered = each.c.covered
    return (
        sa.select(
            each.c.key,
            sa.func.count(),
            sa.func.count().filter(covered),
            sa.func.count().filter(covered & each.c.verified),
        )
        .group_by(each.c.key)
        .order_by(each.c.key)
    )


def _names(codes: list[str]) -> dict[str, str]:
    query = sa.select(Area.code, Area.name).where(Area.code.in_(codes))
    return {row.code: row.name for row in db.session.execute(query)}


def _line(key: str | None, name: str, registered: int, covered: int, active: int) -> Coverage:
    rates = [each / registered if registered else None for each in (covered, active)]
    return Coverage(key, name, registered, covered, active, *rates)
