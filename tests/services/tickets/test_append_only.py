"""The database itself refuses to change a history, and what is archived."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.db import db
from app.domain.vocabulary import Status
from tests.factories import Case, make_ticket

CHANGES = {
    "an event": "UPDATE ticket_events SET actor_name = '某人' WHERE ticket_id = :ticket",
    "a hash": "UPDATE ticket_events SET hash = hash WHERE ticket_id = :ticket AND seq = 1",
    "an event that goes": "DELETE FROM ticket_events WHERE ticket_id = :ticket",
}
OF_THE_ARCHIVED = {
    "its level": "UPDATE tickets SET level = 4 WHERE id = :ticket",
    "its title": "UPDATE tickets SET title = '另一件事' WHERE id = :ticket",
    "its status": "UPDATE tickets SET status = 'evaluating', archived_at = NULL WHERE id = :ticket",
    "its version": "UPDATE tickets SET version = version + 1 WHERE id = :ticket",
    "its end": "UPDATE tickets SET version = version + 1, event_seq = event_seq + 1,"
    " event_head = sha256('x') WHERE id = :ticket",
    "all of it": "DELETE FROM tickets WHERE id = :ticket",
}


def refused(statement: str, case: Case, **more: str) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(sa.text(statement), {"ticket": case.ticket.id, **more})
    except ProgrammingError as error:
        return "append-only" in str(error)
    return False


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ARCHIVED])
def test_no_history_is_changed(status, change):
    assert refused(change, make_ticket(status))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("change", OF_THE_ARCHIVED.values(), ids=OF_THE_ARCHIVED)
def test_what_is_archived_stays_as_it_is(change):
    assert refused(change, make_ticket(Status.ARCHIVED))


AN_EVENT_MORE = """
WITH told AS (
    INSERT INTO ticket_events SELECT (jsonb_populate_record(e, jsonb_build_object(
        'seq', e.seq + 1, 'action', CAST(:action AS text), 'hash', sha256('x')))).*
    FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id AND t.event_seq = e.seq
    WHERE t.id = :ticket
)
UPDATE tickets SET version = version + 1, event_seq = event_seq + 1, event_head = sha256('x')
WHERE id = :ticket
"""


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("action", "is_refused"),
    [("evaluate", True), ("close", True), ("request_purge", False), ("rule_purge", False)],
)
def test_to_what_is_archived_only_purges_add(action, is_refused):
    case = make_ticket(Status.ARCHIVED)
    assert refused(AN_EVENT_MORE, case, action=action) is is_refused


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("more", ["title = '另一件事'", "level = 1", "round = round + 1"])
def test_with_a_purge_nothing_else_of_it_changes(more):
    statement = AN_EVENT_MORE.replace("UPDATE tickets SET ", f"UPDATE tickets SET {more}, ")
    assert refused(statement, make_ticket(Status.ARCHIVED), action="rule_purge")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tickets SET area_code = '210303000000' WHERE id = :ticket",
        "UPDATE tickets SET contact_phone = NULL, contact_name = NULL WHERE id = :ticket",
    ],
)
def test_it_may_move_to_another_area_and_be_sealed_anew(change):
    assert not refused(change, make_ticket(Status.ARCHIVED))
