"""跟踪回访 in a handover: what is planned goes over with the pairing."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.db import db
from app.domain.follow_ups import FollowUpState
from app.models.follow_up import FollowUpVisit


def hand_over_visits(enterprise_ids: Sequence[int], receiver_id: int) -> None:
    """The planned visits to these enterprises are owed by the receiver from now on."""
    db.session.execute(
        sa.update(FollowUpVisit)
        .where(
            FollowUpVisit.enterprise_id.in_(enterprise_ids),
            FollowUpVisit.state == FollowUpState.PLANNED,
        )
        .values(housekeeper_id=receiver_id)
    )
