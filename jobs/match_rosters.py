"""核对名册: memberships that the registers no longer support end, also of who never comes back."""

from app import clock
from app.db import transaction
from jobs.runner import Outcome
from services.accounts.roster import end_unsupported


def match_rosters() -> Outcome:
    """End what a later import took away; log-ins ask again for their own account at once."""
    with transaction():
        return Outcome(items=end_unsupported(at=clock.now()))
