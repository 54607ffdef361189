"""`flask verify-history`: silent when all is well, the first broken event when it is not."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.vocabulary import Status
from services.tickets import history
from services.tickets.history import verify_histories
from tests.domain.story import PATHS
from tests.factories import make_ticket
from tests.tampering import behind_its_back

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def verified(app):
    """The command as typed: its exit code and what it said."""

    def run() -> tuple[int, str]:
        db.session.flush()
        result = app.test_cli_runner().invoke(args=["verify-history"])
        return result.exit_code, result.output

    return run


def test_histories_of_every_kind_hold(verified):
    for status in PATHS:
        make_ticket(status)
    assert verified() == (0, f"核对 {len(PATHS)} 件诉求，0 件不符。\n")


def test_nothing_to_verify_is_well(verified):
    assert verified()[0] == 0


@pytest.mark.parametrize(
    ("change", "seq", "reason"),
    [
        ('SET facts = facts || \'{"answer": "改"}\' WHERE seq = 4', 4, "内容"),
        ("SET at = at + interval '1 second' WHERE seq = 1", 1, "内容"),
        ("SET actor_name = '别人' WHERE seq = 6", 6, "内容"),
        ("SET ip = NULL WHERE seq = 2", 2, "内容"),
        ("SET is_public = NOT is_public WHERE seq = 5", 5, "内容"),
        ("SET hash = sha256('x') WHERE seq = 3", 3, "内容"),
        ("SET seq = 40 WHERE seq = 6", 6, "缺失"),
    ],
)
def test_a_changed_event_is_named(verified, change, seq, reason):
    make_ticket(Status.ACCEPTED)
    case = make_ticket(Status.FEEDBACK)
    db.session.execute(sa.text("DELETE FROM notifications"))
    behind_its_back(f"UPDATE ticket_events {change} AND ticket_id = :ticket", case)
    code, said = verified()
    assert code == 1
    assert f"{case.number} 第 {seq} 条事件：" in said
    assert reason in said
    assert "核对 2 件诉求，1 件不符" in said


@pytest.mark.parametrize("place", ["event_seq = event_seq + 1", "event_head = sha256('x')"])
def test_a_ticket_that_claims_another_end_is_named(verified, place):
    case = make_ticket(Status.ACCEPTED)
    behind_its_back(f"UPDATE tickets SET {place} WHERE id = :ticket", case)
    code, said = verified()
    assert (code, f"{case.number} 第 3 条事件" in said) == (1, True)


def test_an_event_cut_off_at_the_end_is_named(verified):
    case = make_ticket(Status.ACCEPTED)
    db.session.execute(sa.text("DELETE FROM notifications"))
    behind_its_back("DELETE FROM ticket_events WHERE ticket_id = :ticket AND seq = 2", case)
    code, said = verified()
    assert (code, f"{case.number} 第 2 条事件" in said) == (1, True)


def test_a_ticket_without_any_event_is_named(verified):
    case = make_ticket()
    db.session.execute(sa.text("DELETE FROM notifications"))
    behind_its_back("DELETE FROM ticket_events WHERE ticket_id = :ticket", case)
    assert f"{case.number} 第 1 条事件" in verified()[1]


def test_all_tickets_are_reached_chunk_by_chunk(monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 2)
    numbers = [make_ticket().number for _ in range(5)]
    assert [verdict.number for verdict in verify_histories()] == numbers
