"""督办规则: the numbers in force on a day."""

from datetime import datetime

import sqlalchemy as sa

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.errors import Refused
from app.domain.supervision_flow import Rule
from app.models.supervision import SupervisionRule
from services.tickets.terms import newest_calendar


class MissingRule(Refused):
    """没有配置适用的督办规则，请联系管理员。"""

    code = "missing-rule"


def amount_of(rule: Rule, *, at: datetime) -> int:
    """The amount in force on the local day. Raises `MissingRule`."""
    query = (
        sa.select(SupervisionRule.amount)
        .where(
            SupervisionRule.name == rule,
            SupervisionRule.effective_from <= at.astimezone(LOCAL_ZONE).date(),
        )
        .order_by(SupervisionRule.effective_from.desc())
        .limit(1)
    )
    amount = db.session.scalar(query)
    if amount is None:
        raise MissingRule
    return amount


def working_days_after(since: datetime, days: int) -> datetime:
    """Closing time of so many working days after `since`. Raises `NoCalendar`."""
    return newest_calendar().close_of_day(since, days)
