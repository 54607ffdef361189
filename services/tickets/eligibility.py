"""容缺: for whom material may come later."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.decisions.deferral import NotEligible
from app.domain.facts.acceptance import Acceptance
from app.models.enterprise import Enterprise


def check_deferral(facts: Any, enterprise_id: int) -> None:
    """Raises `NotEligible` where an enterprise with an unrepaired dishonesty record is to defer.

    Source: domain, 4.4. Asked only where something is to be deferred.
    """
    if not isinstance(facts, Acceptance) or facts.deferral is None:
        return
    query = sa.select(Enterprise.is_discredited).where(Enterprise.id == enterprise_id)
    if db.session.scalar(query):
        raise NotEligible
