"""What weighs much asks for a proof of a moment ago; the table says what that is."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.login_session import LoginSession
from services.accounts.principals import FRESH
from tests.api.every_route import Stop, walk
from tests.api.inputs import marked_routes
from tests.api.rights.world import World
from tests.applications import rolled_back
from tests.callers import API
from tests.problems import refused

DANGEROUS = {
    "the ways in of others, and their rights": """
        PATCH /accounts/{}
        POST /accounts/{}/password-reset
        POST /accounts/{}/enabling
        POST /accounts/{}/move
        POST /accounts/{}/memberships
        POST /accounts/{}/second-factor/reset""",
    "one's own ways in": """
        POST /me/second-factor
        DELETE /me/second-factor
        POST /me/second-factor/recovery-codes""",
    "personal data that leaves in bulk": """
        POST /exports/{}/approval
        POST /me/data-requests/{}/copy""",
    "what is deleted, and what must not be": """
        POST /legal-holds
        POST /legal-holds/{}/lifting
        POST /data-requests/{}/answer
        POST /me/closing""",
    "what everybody's deadlines are counted by": """
        POST /work-calendars
        POST /work-calendars/workbook
        POST /sla-policies
        POST /flow-rules
        POST /rung-recipients""",
    "what keeps promises by itself": """
        POST /jobs/{}/pause""",
    "what cannot be taken back": """
        POST /imports/{}/rollback
        POST /enterprises/{}/closure
        POST /organisations/{}/closure""",
}
TABLE = {line.strip() for lines in DANGEROUS.values() for line in lines.split("\n") if line.strip()}


def named(method: str, rule: str) -> str:
    parts = ("{}" if part.startswith("<") else part for part in rule.split("/"))
    return f"{method} {'/'.join(parts).removeprefix(API)}"


@pytest.fixture(scope="module")
def stops(app) -> Iterator[list[Stop]]:
    """The dangerous routes; all that is asked of them is refused."""
    with rolled_back(app):
        yield [stop for stop in walk(app, World()) if named(stop.method, stop.rule) in TABLE]


def test_the_table_is_what_the_routes_say(app):
    asked = {named(method, rule) for method, rule, marks in marked_routes(app) if marks.needs_fresh}
    assert asked == TABLE


def test_who_proved_it_a_while_ago_is_asked_again(stops):
    assert len(stops) == len(TABLE)
    stale = clock.real() - FRESH
    db.session.execute(sa.update(LoginSession).values(authenticated_at=stale))
    db.session.flush()
    for stop in stops:
        refused(stop.ask_well(), 403, "reauthentication-required")
