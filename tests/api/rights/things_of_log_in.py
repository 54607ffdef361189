"""What the routes of one's own log-in act upon."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.models.login_session import LoginSession
from tests.callers import signed_in
from tests.factories import Person


def places(owner: Person) -> dict[str, Any]:
    """Another session of `owner`."""
    signed_in(owner)
    query = sa.select(sa.func.max(LoginSession.id)).where(
        LoginSession.account_id == owner.account.id
    )
    return {"session_id": db.session.scalar(query)}
