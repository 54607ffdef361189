"""疑似重复: tickets of the same enterprise about much the same. People decide, not figures."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.bigrams import words_of_text
from app.domain.errors import NotFound
from app.domain.rules import Rule
from app.domain.vocabulary import FINAL, Status
from app.models.ticket import Ticket
from services.tickets.terms import NEWEST_RULE, first_day, rules_of
from services.visibility.tickets import visible_tickets

ALIKE = 0.2
"""Less in common than this is another matter."""

SHOWN_AT_MOST = 10
LOOKED_AT_MOST = 500

_COLUMNS = (
    *(Ticket.id, Ticket.number, Ticket.title, Ticket.body, Ticket.status, Ticket.submitted_at),
    *(Ticket.enterprise_id, Ticket.category_code),
)
_TERMS = (Ticket.policies_on, NEWEST_RULE)


def find_duplicates(actor: Actor, number: str, *, at: datetime) -> list[dict[str, Any]]:
    """Candidates for a visible ticket, the most alike first, each with its `similarity` (0 to 1).

    Of the same enterprise; of the same category, where both have one. Raises `NotFound`.
    """
    mine = _one(actor, number)
    words = words_of_text(f"{mine.title} {mine.body}")
    found = [
        {
            "number": row.number,
            "title": row.title,
            "status": row.status,
            "status_label": labels.STATUS[row.status],
            "submitted_at": row.submitted_at,
            "similarity": similarity(words, words_of_text(f"{row.title} {row.body}")),
        }
        for row in db.session.execute(_others(actor, mine, at))
    ]
    alike = [one for one in found if one["similarity"] >= ALIKE]
    return sorted(alike, key=lambda one: -one["similarity"])[:SHOWN_AT_MOST]


def similarity(one: set[str], other: set[str]) -> float:
    """How much of the words of both are common to them: 0 (none) to 1 (all), two digits."""
    return round(len(one & other) / len(one | other), 2) if one | other else 0.0


def _one(actor: Actor, number: str) -> Any:
    query = sa.select(*_COLUMNS, *_TERMS).where(Ticket.number == number, visible_tickets(actor))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _others(actor: Actor, mine: Any, at: datetime) -> Any:
    """Open, or closed no longer ago than its rule says (domain, 4.4)."""
    rules = rules_of(mine.newest_rule, first_day(mine.submitted_at, mine.policies_on))
    since = at - timedelta(days=rules[Rule.DUPLICATE_DAYS])
    is_recent = sa.or_(Ticket.status.not_in(FINAL), Ticket.changed_at >= since)
    query = sa.select(*_COLUMNS).where(
        Ticket.enterprise_id == mine.enterprise_id,
        Ticket.id != mine.id,
        Ticket.status != Status.MERGED,
        is_recent,
        visible_tickets(actor),
    )
    if mine.category_code is not None:
        unknown = Ticket.category_code.is_(None)
        query = query.where(sa.or_(Ticket.category_code == mine.category_code, unknown))
    return query.order_by(Ticket.id.desc()).limit(LOOKED_AT_MOST)
