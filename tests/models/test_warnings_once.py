"""The table itself keeps a warning from standing twice, whoever writes it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import db
from app.domain.vocabulary import Status
from jobs.watch_deadlines import watch_deadlines
from tests.domain.calendars import local
from tests.factories import make_ticket

pytestmark = pytest.mark.usefixtures("database")

AGAIN = sa.text(
    "INSERT INTO ticket_events (ticket_id, seq, round, action, from_status, to_status, account_id,"
    " actor_name, role, organisation_id, ip, at, is_public, facts, hash)"
    " SELECT ticket_id, seq + 100, CAST(:round AS smallint), CAST(:action AS text), from_status,"
    " to_status, account_id, actor_name, role, organisation_id, ip, at, is_public,"
    " facts || CAST(:facts AS jsonb), hash FROM ticket_events WHERE action = 'remind'"
)


@pytest.fixture
def reminded() -> None:
    """One ticket with one reminder: of the revisit, in round 1."""
    make_ticket(Status.REVISITING)
    with clock.frozen(local("2026-06-02 15:30")):
        assert watch_deadlines().items == 1


def repeat(**changes: Any) -> None:
    usual: dict[str, Any] = {"action": "remind", "round": 1, "facts": "{}"}
    with db.session.begin_nested():
        db.session.execute(AGAIN, usual | changes)


@pytest.mark.parametrize("facts", ["{}", '{"organisation_id": null}', '{"note": "again"}'])
@pytest.mark.parametrize("action", ["remind", "issue_card"])
def test_a_rung_stands_once_for_a_due_time(reminded, action, facts):
    with pytest.raises(IntegrityError, match="uq_ticket_events_rung"):
        repeat(action=action, facts=facts)


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": '{"due_at": "2026-06-09T17:30:00+08:00"}'},
        {"facts": '{"rung": "yellow"}'},
        {"facts": '{"clock": "finish"}'},
        {"facts": '{"organisation_id": 7}'},
        {"round": 2},
        {"action": "evaluate"},
    ],
)
def test_another_due_time_rung_clock_unit_or_round_is_another_warning(reminded, changes):
    repeat(**changes)
    seqs = sa.text("SELECT count(*) FROM ticket_events WHERE seq > 100")
    assert db.session.scalar(seqs) == 1
