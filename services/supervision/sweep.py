"""督办巡查: what follows by itself: cards fall, letters are suggested, orders close."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.rules import Rule
from app.domain.sla_clock import Rung
from app.domain.supervision_flow import CardState, LetterState, OrderState
from app.models.supervision import BulletinEntry, Card, Letter, SupervisionOrder
from app.models.ticket import Ticket
from services.supervision.orders import close_order
from services.tickets.terms import rules_at

LOOKED_BACK = timedelta(days=7)
"""A clock moves with its ticket: what has not changed for so long has been looked at."""

NO_LONGER_LATE = "时限已经调整，该牌自动作废"
WRONGLY_SENT = "退回已获同意，该牌自动作废"
OVER = "本轮已经办结"

_FALLING = """
UPDATE cards c SET state = 'void', ruling = :ruling, ruled_at = :at
FROM tickets t
WHERE t.id = c.ticket_id AND t.changed_at > :since AND c.state <> 'void' AND {cause}
RETURNING c.id
"""
_FORGOTTEN = sa.text(
    _FALLING.format(
        cause="""EXISTS (
    SELECT FROM sla_clocks k
    WHERE k.ticket_id = c.ticket_id AND k.round = c.round AND k.kind = c.clock
    AND k.organisation_id IS NOT DISTINCT FROM c.organisation_id
    AND CASE c.rung WHEN 'yellow' THEN k.warned_at ELSE k.overdue_at END
        IS DISTINCT FROM c.issued_at
)"""
    )
)
_RETURNED = sa.text(
    _FALLING.format(
        cause="""EXISTS (
    SELECT FROM ticket_matters m
    WHERE m.ticket_id = c.ticket_id AND m.round = c.round AND m.kind = 'return'
    AND m.outcome = 'granted' AND m.organisation_id = c.organisation_id
)"""
    )
)


def void_cards(*, at: datetime) -> int:
    """Void the cards whose cause is gone; how many.

    A card stands as long as its clock remembers it: an approved pause or a later due time lets the
    clock forget. A unit whose return was granted never should have had the ticket.
    """
    given = {"at": at, "since": at - LOOKED_BACK}
    fallen = len(db.session.execute(_FORGOTTEN, given | {"ruling": NO_LONGER_LATE}).all())
    return fallen + len(db.session.execute(_RETURNED, given | {"ruling": WRONGLY_SENT}).all())


def suggest_letters(*, at: datetime) -> int:
    """Suggest a letter for every new bulletin entry, and to who got too many red cards; how many.

    One letter to a unit for all that is new. Whoever has a suggestion waiting gets no second one.
    """
    return _for_bulletin(at) + _for_red_cards(at)


def _for_bulletin(at: datetime) -> int:
    query = (
        sa.select(BulletinEntry, Ticket.number, Ticket.area_code)
        .join(Ticket, Ticket.id == BulletinEntry.ticket_id)
        .where(BulletinEntry.letter_id.is_(None))
        .order_by(BulletinEntry.id)
        .with_for_update(of=BulletinEntry, skip_locked=True)
    )
    letters: dict[int, Letter] = {}
    for entry, number, area_code in db.session.execute(query):
        letter = letters.get(entry.organisation_id)
        if letter is None:
            facts = "以下诉求超期五个工作日以上仍未办结。"
            letter = _suggestion(entry.organisation_id, area_code, facts, at)
            letters[entry.organisation_id] = letter
        if number not in letter.ticket_numbers:
            letter.ticket_numbers = [*letter.ticket_numbers, number]
        db.session.flush()
        entry.letter_id = letter.id
    return len(letters)


def _for_red_cards(at: datetime) -> int:
    rules = rules_at(at=at)
    enough = rules[Rule.RED_CARDS_FOR_LETTER]
    since = at - timedelta(days=rules[Rule.RED_CARDS_WITHIN_DAYS])
    numbers = sa.func.array_agg(sa.distinct(Ticket.number)).label("numbers")
    recent = (
        sa.exists()
        .where(Letter.organisation_id == Card.organisation_id, Letter.suggested_at > since)
        .correlate(Card)
    )
    query = (
        sa.select(Card.organisation_id, sa.func.min(Ticket.area_code).label("area_code"), numbers)
        .join(Ticket, Ticket.id == Card.ticket_id)
        .where(
            Card.rung == Rung.RED,
            Card.state != CardState.VOID,
            Card.issued_at > since,
            Card.organisation_id.is_not(None),
            sa.not_(recent),
        )
        .group_by(Card.organisation_id)
        .having(sa.func.count() >= enough)
    )
    rows = db.session.execute(query).all()
    for row in rows:
        facts = f"近期已有 {len(row.numbers)} 件诉求被亮红牌。"
        letter = _suggestion(row.organisation_id, row.area_code, facts, at)
        letter.ticket_numbers = sorted(row.numbers)
    return len(rows)


def _suggestion(unit: int, area_code: str, facts: str, at: datetime) -> Letter:
    letter = Letter(
        organisation_id=unit,
        area_code=area_code,
        state=LetterState.SUGGESTED,
        ticket_numbers=[],
        facts=facts,
        suggested_at=at,
    )
    db.session.add(letter)
    return letter


def close_orders(actor: Actor, *, at: datetime) -> int:
    """Close the orders of rounds that are completed, or over for good; how many."""
    is_over = sa.or_(
        Ticket.completed_at.is_not(None),
        Ticket.round > SupervisionOrder.round,
        Ticket.withdrawn_at.is_not(None),
        Ticket.status == "merged",
    )
    query = (
        sa.select(SupervisionOrder)
        .join(Ticket, Ticket.id == SupervisionOrder.ticket_id)
        .where(SupervisionOrder.state != OrderState.CLOSED, is_over)
        .with_for_update(of=SupervisionOrder, skip_locked=True)
    )
    orders = db.session.scalars(query).all()
    for order in orders:
        close_order(actor, order, OVER, at=at)
    return len(orders)
