"""黄牌、红牌: who got them, why, whether they stand. A unit explains and appeals, others rule."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.errors import NotFound, Refused
from app.domain.keyset import Page
from app.domain.late_rungs import RUNG_LABELS
from app.domain.permissions import Permission
from app.domain.rules import Rule
from app.domain.sla_clock import ClockKind, Rung
from app.domain.supervision_flow import CARDS, CardState, Deed
from app.models.organisation import Organisation
from app.models.supervision import Card
from app.models.ticket import Ticket
from services import audit
from services.paging import descending, fetch_page
from services.tickets.terms import rules_at, working_days_after
from services.visibility.supervision import supervised

NEWEST_FIRST = descending("newest-card", Card.id)


class AppealTooLate(Refused):
    """申诉期限已过。"""

    code = "appeal-too-late"


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Which cards are asked for; None: all."""

    state: CardState | None = None
    rung: Rung | None = None
    ticket_number: str | None = None


def list_cards(
    actor: Actor, wanted: CardFilter, page: Page
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the cards within reach, newest first, and the next cursor."""
    query = _cards(actor, Permission.READ_CARDS)
    asked = {
        Card.state: wanted.state,
        Card.rung: wanted.rung,
        Ticket.number: wanted.ticket_number,
    }
    conditions = [column == value for column, value in asked.items() if value is not None]
    found = fetch_page(query.where(*conditions), NEWEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def get_card(actor: Actor, card_id: int) -> dict[str, Any]:
    """One card within reach. Raises `NotFound`."""
    query = _cards(actor, Permission.READ_CARDS).where(Card.id == card_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _shown(row)


def explain_card(actor: Actor, card_id: int, cause: str, *, at: datetime) -> dict[str, Any]:
    """Say why it came to the card; said again, the later word holds.

    Raises `NotFound`, `SupervisionStateForbids`.
    """
    card = _locked(actor, Permission.EXPLAIN_CARD, card_id)
    card.state = CARDS.after(card.state, Deed.EXPLAIN)
    card.cause, card.explained_by, card.explained_at = cause, actor.account_id, at
    return _done(actor, card, "explain_card")


def appeal_card(actor: Actor, card_id: int, grounds: str, *, at: datetime) -> dict[str, Any]:
    """Contest the card within its term, once (domain, 4.4: three working days).

    Raises `NotFound`, `SupervisionStateForbids`, `AppealTooLate`.
    """
    card = _locked(actor, Permission.APPEAL_CARD, card_id)
    state = CARDS.after(card.state, Deed.APPEAL)
    days = rules_at(at=card.issued_at)[Rule.CARD_APPEAL_DAYS]
    if at > working_days_after(card.issued_at, days):
        raise AppealTooLate
    card.state, card.grounds = state, grounds
    card.appealed_by, card.appealed_at = actor.account_id, at
    return _done(actor, card, "appeal_card")


def rule_card(
    actor: Actor, card_id: int, note: str, *, is_void: bool, at: datetime
) -> dict[str, Any]:
    """Decide an appeal: the card falls or stands. Raises `NotFound`, `SupervisionStateForbids`."""
    card = _locked(actor, Permission.RULE_CARD, card_id)
    card.state = CARDS.after(card.state, Deed.VOID if is_void else Deed.UPHOLD)
    card.ruling, card.ruled_by, card.ruled_at = note, actor.account_id, at
    return _done(actor, card, "rule_card")


def _done(actor: Actor, card: Card, action: str) -> dict[str, Any]:
    db.session.flush()
    audit.record(actor, action, f"card:{card.id}")
    return get_card(actor, card.id)


def _locked(actor: Actor, permission: Permission, card_id: int) -> Card:
    within = supervised(actor, permission, Card.organisation_id)
    query = sa.select(Card).join(Ticket, Ticket.id == Card.ticket_id)
    card = db.session.scalars(
        query.where(Card.id == card_id, within).with_for_update(of=Card)
    ).one_or_none()
    if card is None:
        raise NotFound
    return card


def _cards(actor: Actor, permission: Permission) -> sa.Select[*tuple[Any, ...]]:
    within = supervised(actor, permission, Card.organisation_id)
    told = ("id", "round", "clock", "organisation_id", "rung", "state", "issued_at", "due_at")
    said = ("cause", "explained_at", "grounds", "appealed_at", "ruling", "ruled_at")
    return (
        sa.select(
            *(Card.__table__.c[name] for name in (*told, *said)),
            Ticket.number.label("ticket_number"),
            Organisation.name.label("organisation_name"),
        )
        .select_from(Card)
        .join(Ticket, Ticket.id == Card.ticket_id)
        .outerjoin(Organisation, Organisation.id == Card.organisation_id)
        .where(within)
    )


def _shown(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    card = {name: value for name, value in row._mapping.items() if name in SHOWN}
    return card | {
        "clock_label": labels.CLOCK[ClockKind(card["clock"])],
        "rung_label": RUNG_LABELS[Rung(card["rung"])],
        "state_label": CARDS.labels[card["state"]],
    }


SHOWN = frozenset(
    {
        *("id", "ticket_number", "round", "clock", "organisation_id", "organisation_name", "rung"),
        *("state", "issued_at", "due_at", "cause", "explained_at", "grounds", "appealed_at"),
        *("ruling", "ruled_at"),
    }
)
