"""保全: the conditions by which standing holds keep rows from every retention job."""

from typing import Any

import sqlalchemy as sa

from app.models.legal_hold import LegalHold
from services.visibility.asking import Condition

STANDING = LegalHold.lifted_at.is_(None)


def is_everything_held() -> Condition:
    """Whether a hold on everything stands."""
    return sa.exists().where(LegalHold.subject_kind == "everything", STANDING)


def is_held(kind: str, subject_id: Any) -> Condition:
    """Whether a hold stands on the subject of this kind and id (a column or a value)."""
    holds = sa.exists().where(
        LegalHold.subject_kind == kind, LegalHold.subject_id == subject_id, STANDING
    )
    return holds.correlate_except(LegalHold)
