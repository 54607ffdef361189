"""挂账跟踪: what its actions must bring."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Tracking:
    """挂账: whose it is from now on, why it cannot be solved yet, when it is looked at next.

    The owner is a person: an account of the unit, or one of its housekeepers. The names are looked
    up with them.
    """

    owner_organisation_id: int
    reason: str
    next_review_on: date
    owner_account_id: int | None = None
    owner_housekeeper_id: int | None = None
    owner_name: str | None = None
    owner_organisation_name: str | None = None


@dataclass(frozen=True, slots=True)
class TrackingReview:
    """挂账复核: how it stands, and when it is looked at next."""

    note: str
    next_review_on: date


@dataclass(frozen=True, slots=True)
class TrackingEnd:
    """结束挂账: why it can be handled as usual again."""

    note: str
