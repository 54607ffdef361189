"""清理: what has been kept long enough goes; the table of terms is in `services.expiry`."""

from app import clock
from jobs.runner import Outcome, each
from services.expiry import RETENTION, Kept, delete_expired


def sweep_expired() -> Outcome:
    """Delete what is past its term, table by table; `items` counts the rows."""
    deleted: list[int] = []
    outcome = each(RETENTION, lambda kept: _delete(kept, deleted))
    outcome.items = sum(deleted)
    return outcome


def _delete(kept: Kept, deleted: list[int]) -> bool:
    deleted.append(delete_expired(kept, at=clock.real()))
    return True
