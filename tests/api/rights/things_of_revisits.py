"""What the addresses of revisits need: the stratum of the world's answers, a visit planned."""

from datetime import timedelta
from itertools import count

import sqlalchemy as sa

from app.db import db
from app.models.follow_up import FollowUpVisit
from app.models.revisit_lot import RevisitStratum
from tests.factories import MONDAY, Cast

_days = count(1)


def visit(cast: Cast) -> dict[str, int]:
    """A new one to the cast's enterprise, planned for a day of its own."""
    planned = FollowUpVisit(
        enterprise_id=cast.enterprise.id,
        housekeeper_id=cast.housekeeper_row.id,
        kind="yearly",
        planned_for=MONDAY.date() + timedelta(days=next(_days)),
    )
    db.session.add(planned)
    db.session.flush()
    return {"visit_id": planned.id}


def sample(cast: Cast) -> dict[str, int]:
    """That of the unit that leads."""
    query = sa.select(RevisitStratum.id).where(RevisitStratum.organisation_id == cast.lead_unit.id)
    return {"sample_id": db.session.scalars(query.limit(1)).one()}
