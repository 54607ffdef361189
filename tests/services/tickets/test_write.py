"""The last words of the writer, and what it goes by."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain import ticket_flow
from app.domain.errors import AlreadyExists
from app.domain.permissions import Permission as Act
from app.domain.terms import Moment
from app.models.sla import SlaClock, SlaPolicy
from app.models.ticket_event import TicketEvent
from services.tickets.read_state import read_ticket
from services.tickets.terms import terms_at
from services.tickets.write import write_change
from tests.factories import MONDAY, make_cast, make_ticket
from tests.factories.tickets import usual_facts

pytestmark = pytest.mark.usefixtures("database")


def test_a_change_of_what_has_moved_on_is_not_written():
    case = make_ticket()
    actor = case.cast.housekeeper.actor
    stale = read_ticket(actor, case.number)
    case.act(Act.FIRST_CONTACT)
    facts, moment = usual_facts(Act.ACCEPT, case.cast), Moment(case.at, terms_at(at=case.at))
    change = ticket_flow.decide(stale, Act.ACCEPT, facts, actor, moment)
    # Another number in the chain, so that only the ticket's own row can tell.
    later = replace(change, event=replace(change.event, seq=stale.event_seq + 2))
    with pytest.raises(AlreadyExists):
        write_change(stale, later, [])
    actions = db.session.scalars(
        sa.select(TicketEvent.action).where(TicketEvent.ticket_id == case.ticket.id)
    )
    assert list(actions) == ["submit", "first_contact"]


def test_a_new_policy_holds_from_the_next_submission_on():
    cast = make_cast()

    def promised() -> int:
        ticket = make_ticket(cast=cast).ticket
        query = sa.select(SlaClock.limit_amount).where(SlaClock.ticket_id == ticket.id)
        return db.session.scalars(query.where(SlaClock.kind == "accept")).one()

    before = promised()
    query = sa.select(SlaPolicy).where(SlaPolicy.ticket_class == "normal")
    policy = db.session.scalars(query.where(SlaPolicy.clock == "accept")).one()
    assert before == policy.amount
    db.session.add(
        SlaPolicy(
            ticket_class=policy.ticket_class,
            clock=policy.clock,
            amount=policy.amount + 5,
            unit=policy.unit,
            effective_from=MONDAY.date(),
        )
    )
    db.session.flush()
    assert promised() == before + 5
