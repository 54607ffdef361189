"""What the addresses of supervision need: a card, an order, a letter, an entry, each new."""

from datetime import datetime, timedelta
from itertools import count

from app import clock
from app.db import db
from app.domain.sla_clock import ClockKind, Rung
from app.models.supervision import BulletinEntry, Card, Letter, SupervisionOrder
from tests.factories import MONDAY, Case

_numbers = count(1)


def things_of_supervision(case: Case) -> dict[str, int]:
    """On the case's ticket, to the unit that leads it."""
    at, unit = clock.now(), case.cast.lead_unit.id
    once = MONDAY + timedelta(seconds=next(_numbers))
    of_ticket = {"ticket_id": case.ticket.id, "round": 1, "organisation_id": unit}
    card = Card(**of_ticket, clock=ClockKind.ASSIGNMENT, rung=Rung.RED, issued_at=at, due_at=once)
    proposed = {
        "grounds": "企业三次反映没有进展。",
        "proposed_at": once,
        "requirement": "尽快办结。",
    }
    issued = {"state": "issued", "issued_at": at, "due_at": at + timedelta(days=3)}
    order = SupervisionOrder(**of_ticket, **proposed, **issued)
    letter = _sent(case, unit, at)
    entry = BulletinEntry(**of_ticket, clock=ClockKind.ASSIGNMENT, due_at=once, listed_at=at)
    db.session.add_all([card, order, letter, entry])
    db.session.flush()
    return {"card_id": card.id, "order_id": order.id, "letter_id": letter.id}


def _sent(case: Case, unit: int, at: datetime) -> Letter:
    return Letter(
        organisation_id=unit,
        area_code=case.ticket.area_code,
        state="sent",
        ticket_numbers=[case.number],
        facts="多次超期。",
        suggested_at=at,
        year=2026,
        number=next(_numbers),
        basis="办理规则",
        demand="限期办结",
        contact="督查科",
        reply_by=at.date(),
        sent_at=at,
    )
