"""Cards: yellow, then red, each once; what was missed while nobody watched is red alone."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain import sla
from app.domain import ticket_facts as facts
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status, TicketClass
from app.models.notification import Notification
from app.models.ticket_event import TicketEvent
from jobs.watch_deadlines import WATCH, watch_deadlines
from services.tickets.due import due_cards
from services.tickets.read_state import read_ticket
from tests.domain.calendars import local
from tests.factories import Case, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")


def watched(at: str) -> list[tuple[str, str]]:
    """The cards that a watch at `at` issues: clock and rung."""
    before = len(cards())
    with clock.frozen(local(at)):
        outcome = watch_deadlines()
    issued = cards()[before:]
    assert (outcome.items, outcome.failures) == (len(issued), 0)
    return issued


def cards() -> list[tuple[str, str]]:
    query = sa.select(TicketEvent.facts).where(TicketEvent.action == "issue_card")
    rows = db.session.scalars(query.order_by(TicketEvent.at, TicketEvent.seq))
    return [(row["clock"], row["rung"]) for row in rows]


def told(case: Case) -> dict[str, set[int]]:
    """Who was told of the cards, by the kind of the message."""
    query = sa.select(Notification.kind, Notification.account_id).where(
        Notification.ticket_id == case.ticket.id, Notification.kind.in_(("due_soon", "overdue"))
    )
    found: dict[str, set[int]] = {}
    for kind, account in db.session.execute(query):
        found.setdefault(kind, set()).add(account)
    return found


def contacted() -> Case:
    """A ticket submitted on Monday at ten, whose contact clock is out of the way."""
    case = make_ticket()
    case.act(Act.FIRST_CONTACT)
    return case


def test_yellow_and_red_come_once_each():
    contacted()
    assert watched("2026-06-02 16:08:59") == []
    assert watched("2026-06-02 16:09") == [("accept", "yellow")]
    assert watched("2026-06-02 16:09") == []
    assert watched("2026-06-02 17:30") == []
    assert watched("2026-06-02 17:30:01") == [("accept", "red")]
    assert watched("2026-06-20 10:00") == []


def test_what_was_missed_is_red_alone():
    contacted()
    assert watched("2026-06-03 10:00") == [("accept", "red")]
    assert watched("2026-06-03 10:00") == []


def test_a_contact_that_is_late_has_no_yellow():
    make_ticket()
    assert watched("2026-06-01 12:00") == []
    assert watched("2026-06-01 12:00:01") == [("first_contact", "red")]


def test_every_clock_of_a_ticket_has_its_own_cards():
    make_ticket(Status.HANDLING).act(Act.FIRST_CONTACT)
    assert watched("2026-06-04 17:00") == [("opinion", "yellow")]
    assert watched("2026-06-08 17:00") == [
        ("opinion", "red"),
        ("finish", "yellow"),
        ("assignment", "yellow"),
    ]
    assert watched("2026-06-09 10:00") == [("finish", "red"), ("assignment", "red")]


def test_a_clock_that_waits_or_has_stopped_gives_no_card():
    make_ticket(Status.SUPPLEMENTING)
    make_ticket(Status.FEEDBACK)
    make_ticket(Status.WITHDRAWN)
    assert watched("2026-07-20 10:00") == []


def test_a_pause_moves_the_cards():
    case = contacted()
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-02 17:00"))
    assert watched("2026-06-03 10:00") == []
    case.act(Act.SUPPLY, at=local("2026-06-04 10:00"))
    assert watched("2026-06-04 10:00") == [("accept", "yellow")]
    assert watched("2026-06-04 10:30:01") == [("accept", "red")]


def test_the_enterprise_has_no_cards_for_its_own_time():
    make_ticket(Status.EVALUATING)
    assert watched("2026-07-20 10:00") == []


def test_who_hears_of_the_cards():
    case = contacted()
    supervisor, other = make_account("supervisor"), make_account("supervisor", area_prefix="2104")
    watched("2026-06-02 16:30")
    watched("2026-06-02 18:00")
    cast = case.cast
    near = {person.account.id for person in (cast.housekeeper, cast.coordinator)}
    messages = told(case)
    assert near | {cast.second_coordinator.account.id} == messages["due_soon"]
    assert messages["overdue"] >= near | {cast.supervisor.account.id, supervisor.account.id}
    assert other.account.id not in messages["overdue"]
    assert cast.applicant.account.id not in messages["overdue"] | messages["due_soon"]


def test_a_units_card_goes_to_its_people():
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    watched("2026-06-04 17:00")
    cast = case.cast
    assert cast.co_handler.account.id in told(case)["due_soon"]
    assert cast.handler.account.id not in told(case)["due_soon"]


def test_a_card_is_no_new_version_for_those_about_to_act():
    case = make_ticket("accepted")
    seen, events = case.ticket.version, case.ticket.event_seq
    assert watched("2026-06-08 17:31")
    assert (case.ticket.version, case.ticket.event_seq > events) == (seen, True)
    case.act(Act.DISPATCH, expected_version=seen, at=local("2026-06-08 17:40"))
    assert case.ticket.status == "handling"


def test_the_card_stands_in_the_history_of_the_system():
    case = contacted()
    watched("2026-06-03 10:00")
    event = db.session.scalars(
        sa.select(TicketEvent).where(TicketEvent.action == "issue_card")
    ).one()
    assert (event.actor_name, event.role, event.account_id) == ("时限巡查", "system", None)
    assert not event.is_public
    assert event.ticket_id == case.ticket.id


INSTANTS = [
    *("2026-06-01 12:00", "2026-06-01 12:00:01", "2026-06-02 11:00", "2026-06-02 16:09"),
    *("2026-06-02 17:30", "2026-06-03 09:00", "2026-06-04 17:00", "2026-06-08 16:00"),
    "2026-07-20 10:00",
]


def test_the_sweep_asks_for_what_the_rule_of_the_clock_says():
    urgent = facts.Acceptance(TicketClass.URGENT, "utilities")
    cases = [contacted(), make_ticket(), make_ticket(Status.ACCEPTED, accept=urgent)]
    cases += [make_ticket(status) for status in (Status.HANDLING, Status.REVISITING)]
    cases += [make_ticket(status) for status in (Status.SUPPLEMENTING, Status.EVALUATING)]
    watched("2026-06-02 16:30")
    clocks = {
        (case.number, clock) for case in cases for clock in read_ticket(WATCH, case.number).clocks
    }
    for at in map(local, INSTANTS):
        due = {(number, clock.kind, sla.rung_due(clock, at=at)) for number, clock in clocks}
        asked = {(card.number, card.issue.clock, card.issue.rung) for card in due_cards(at=at)}
        assert asked == {card for card in due if card[2]}
