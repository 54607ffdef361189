"""`flask verify-history`: silent when all is well, the first broken event when it is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.event_chain import GENESIS, HASHED, event_hash
from app.domain.facts.aftercare import Rating
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import ResultCode, Status
from app.domain.written import WRITTEN
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.tickets import history
from services.tickets.history import verify_histories
from tests.domain.story import ANSWER, PATHS, USUAL
from tests.factories import Case, make_ticket
from tests.factories.files import make_attachment
from tests.tampering import behind_its_back, unguarded

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
    db.session.execute(sa.text("DELETE FROM fallbacks"))
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
    for table in ("notifications", "content_checks"):
        db.session.execute(sa.text(f"DELETE FROM {table}"))
    behind_its_back("DELETE FROM ticket_events WHERE ticket_id = :ticket", case)
    assert f"{case.number} 第 1 条事件" in verified()[1]


ROWS = [
    ("tickets SET status = 'evaluating', archived_at = NULL WHERE id = :ticket", 11, "archived_at"),
    ("tickets SET step = 'revisit' WHERE id = :ticket", 11, "tickets.step"),
    ("tickets SET version = version + 1 WHERE id = :ticket", 11, "tickets.version"),
    ("tickets SET changed_at = now() WHERE id = :ticket", 11, "tickets.changed_at"),
    ("tickets SET title = '别的事' WHERE id = :ticket", 1, "tickets.title"),
    ("tickets SET round = 2 WHERE id = :ticket", 1, "tickets.round"),
    ("tickets SET level = 5 WHERE id = :ticket", 10, "tickets.level"),
    ("tickets SET result_code = 'solved' WHERE id = :ticket", 7, "tickets.result_code"),
    ("tickets SET ticket_class = 'hard' WHERE id = :ticket", 2, "tickets.ticket_class"),
    ("tickets SET handler_account_ids = '{}' WHERE id = :ticket", 7, "handler_account_ids"),
    ("assignments SET opinion = '不同意' WHERE role = 'co' AND ticket_id = :ticket", 6, "Assign"),
    ("replies SET answer = '从未办理' WHERE ticket_id = :ticket", 7, "Reply/1"),
    ("replies SET released_at = now() WHERE ticket_id = :ticket", 7, "Reply/1"),
    ("revisits SET satisfaction = 5 WHERE ticket_id = :ticket", 9, "Revisit/1"),
    ("revisit_attempts SET is_reached = false WHERE ticket_id = :ticket", 9, "RevisitAttempt/1/1"),
    ("evaluations SET level = 2 WHERE ticket_id = :ticket", 10, "Evaluation/1"),
    ("evaluations SET comment = NULL WHERE ticket_id = :ticket", 10, "Evaluation/1"),
    ("sla_clocks SET stopped_at = now() WHERE kind = 'finish' AND ticket_id = :ticket", 11, "fini"),
    ("sla_clocks SET due_at = now() WHERE kind = 'assignment' AND ticket_id = :ticket", 11, "assi"),
]
"""What is changed in rows, the event that is named for it, and the value."""
RATED = Rating(4, (), "等了太久")


@pytest.fixture
def archived() -> Case:
    """A ticket that has been all the way round, with a rating that somebody may dislike."""
    case = make_ticket(
        Status.EVALUATING,
        reply=replace(ANSWER, result_code=ResultCode.PARTLY, unsolved_reason="仍在施工"),
    )
    case.act(Act.EVALUATE, RATED)
    case.act(Act.ARCHIVE, at=case.at + timedelta(days=60))
    return case


@pytest.mark.parametrize(("change", "seq", "named"), ROWS)
def test_a_row_that_no_event_explains_is_named(verified, archived, change, seq, named):
    behind_its_back(f"UPDATE {change}", archived)
    code, said = verified()
    assert code == 1
    [line, _] = said.splitlines()
    assert line.startswith(f"{archived.number} 第 {seq} 条事件：")
    assert named in line


@pytest.mark.parametrize(
    ("table", "named"),
    [
        *[("assignments", "Assignment/1/"), ("replies", "Reply/1"), ("revisits", "Revisit/1")],
        *[("evaluations", "Evaluation/1"), ("sla_clocks", "缺少")],
    ],
)
def test_a_row_that_is_gone_is_named(verified, archived, table, named):
    behind_its_back(f"DELETE FROM {table} WHERE ticket_id = :ticket", archived)
    code, said = verified()
    assert (code, named in said) == (1, True)


def test_a_status_that_no_event_led_to_is_named(verified):
    case = make_ticket(Status.HANDLING)
    behind_its_back("UPDATE tickets SET status = 'accepted' WHERE id = :ticket", case)
    assert f"{case.number} 第 3 条事件：tickets.status 与事件所记不符" in verified()[1]


def test_a_row_that_nobody_put_down_is_named(verified):
    case = make_ticket(Status.EVALUATING)
    praise = (
        "INSERT INTO evaluations (ticket_id, round, level, first_level, reasons, channel, rated_by,"
        " rated_at, first_rated_at)"
        " SELECT id, 1, 5, 5, '{}', 'phone', submitted_by, now(), now()"
        " FROM tickets WHERE id = :ticket"
    )
    behind_its_back(praise, case)
    code, said = verified()
    assert (code, f"{case.number} 第 9 条事件：Evaluation/1 没有事件记载" in said) == (1, True)


def test_a_file_that_came_or_went_behind_its_back_is_named(verified):
    case = make_ticket(Status.ACCEPTED)
    file = make_attachment(case, case.cast.applicant, event_seq=2).id
    assert verified()[1].startswith(f"{case.number} 第 2 条事件：附件 {file} 没有事件记载")
    behind_its_back("UPDATE attachments SET ticket_id = NULL, event_seq = NULL", case)
    named = make_ticket(cast=case.cast, submit=replace(USUAL[Act.SUBMIT], attachment_ids=(file,)))
    assert verified()[0] == 0
    behind_its_back("DELETE FROM attachments", named)
    assert f"{named.number} 第 1 条事件：附件 {file} 已不存在" in verified()[1]


def test_who_follows_an_area_is_not_named(verified):
    case = make_ticket(Status.ACCEPTED)
    behind_its_back("UPDATE tickets SET area_code = '210303000000' WHERE id = :ticket", case)
    assert "第 1 条事件：tickets.area_code" in verified()[1]
    change = db.session.scalar(
        sa.text(
            "INSERT INTO area_changes (kind, old_code, new_code, effective_on)"
            " SELECT 'rename', :old, '210303000000', current_date RETURNING id"
        ),
        {"old": case.cast.enterprise.area_code},
    )
    behind_its_back(f"INSERT INTO recoded_tickets VALUES (:ticket, {change})", case)
    assert verified()[0] == 0


def test_a_history_from_before_the_digests_holds(verified):
    """Its rows are told by no event; the chain and what follows from it still are."""
    case = make_ticket(Status.FEEDBACK)
    rows = db.session.execute(
        sa.text("SELECT * FROM ticket_events WHERE ticket_id = :t ORDER BY seq"),
        {"t": case.ticket.id},
    ).mappings()
    with unguarded():
        head = without_digests(case, list(rows))
        db.session.execute(
            sa.update(Ticket).where(Ticket.number == case.number).values(event_head=head)
        )
    assert verified()[0] == 0
    case.act(Act.RECEIVE_FEEDBACK)
    assert verified()[0] == 0
    behind_its_back("UPDATE tickets SET delivered_at = now() WHERE id = :ticket", case)
    assert "第 8 条事件：tickets.delivered_at" in verified()[1]


def without_digests(case: Case, rows: list[Any]) -> bytes:
    """Writes the events anew, as they were before there were digests; the last hash."""
    head = GENESIS
    for row in rows:
        facts = {name: value for name, value in row["facts"].items() if name != WRITTEN}
        body = {"number": case.number} | {name: row[name] for name in HASHED} | {"facts": facts}
        head = event_hash(head, body)
        db.session.execute(
            sa.update(TicketEvent)
            .where(TicketEvent.ticket_id == case.ticket.id, TicketEvent.seq == row["seq"])
            .values(facts=facts, hash=head)
        )
    return head


def test_all_tickets_are_reached_chunk_by_chunk(monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 2)
    numbers = [make_ticket().number for _ in range(5)]
    assert [verdict.number for verdict in verify_histories()] == numbers
