"""提醒函: suggested by the ladder or written by a supervisor, always sent by a person, tracked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission
from app.domain.rules import Rule
from app.domain.supervision_flow import LETTERS, Deed, LetterState
from app.models.organisation import Organisation
from app.models.supervision import Letter
from app.models.ticket import Ticket
from services import audit
from services.paging import descending, fetch_page
from services.supervision.tell import tell_supervisors, tell_unit
from services.tickets.terms import rules_at, working_days_after
from services.visibility.supervision import supervised_letters
from services.visibility.tickets import visible_tickets

NEWEST_FIRST = descending("newest-letter", Letter.id)
_NUMBERING = sa.text("SELECT pg_advisory_xact_lock(hashtext('letters.number'))")


@dataclass(frozen=True, slots=True)
class LetterWish:
    """A letter that a person writes: to which unit, about which tickets, on which facts."""

    organisation_id: int
    ticket_numbers: tuple[str, ...]
    facts: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What a letter says besides the facts. `reply_by` None: after the rule."""

    basis: str
    demand: str
    contact: str
    facts: str | None = None
    reply_by: date | None = None


def list_letters(
    actor: Actor, state: LetterState | None, page: Page
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the letters within reach, newest first, and the next cursor."""
    query = _letters(actor)
    if state is not None:
        query = query.where(Letter.state == state)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def get_letter(actor: Actor, letter_id: int) -> dict[str, Any]:
    """One letter within reach. Raises `NotFound`."""
    row = db.session.execute(_letters(actor).where(Letter.id == letter_id)).one_or_none()
    if row is None:
        raise NotFound
    return _shown(row)


def write_letter(actor: Actor, wish: LetterWish, *, at: datetime) -> dict[str, Any]:
    """Draft a letter about visible tickets. Raises `InvalidInput` naming what is unknown."""
    query = sa.select(Ticket.number, Ticket.area_code, Ticket.complained_organisation_ids).where(
        Ticket.number.in_(wish.ticket_numbers), visible_tickets(actor)
    )
    found = {row.number: row for row in db.session.execute(query)}
    errors = list(_unfit(wish, found))
    if errors:
        raise InvalidInput(errors)
    letter = Letter(
        organisation_id=wish.organisation_id,
        area_code=found[wish.ticket_numbers[0]].area_code,
        state=LetterState.SUGGESTED,
        ticket_numbers=list(wish.ticket_numbers),
        facts=wish.facts,
        suggested_at=at,
        suggested_by=actor.account_id,
    )
    db.session.add(letter)
    return _done(actor, letter, "write_letter")


def _unfit(wish: LetterWish, found: Mapping[str, Any]) -> Iterator[FieldError]:
    for index, number in enumerate(wish.ticket_numbers):
        if number not in found:
            yield FieldError(f"/ticket_numbers/{index}", "unknown-ticket", "没有这件诉求。")
    if db.session.get(Organisation, wish.organisation_id) is None:
        yield FieldError("/organisation_id", "unknown-organisation", "没有这个单位。")
    if any(wish.organisation_id in row.complained_organisation_ids for row in found.values()):
        detail = "其中有投诉这个单位的诉求，不得向其发函。"
        yield FieldError("/organisation_id", "complained-of", detail)


def send_letter(actor: Actor, letter_id: int, sending: Sending, *, at: datetime) -> dict[str, Any]:
    """Send it under the next number of the year. Raises `NotFound`, `SupervisionStateForbids`."""
    letter = _locked(actor, Permission.MANAGE_LETTERS, letter_id)
    state, year = LETTERS.after(letter.state, Deed.SEND), at.astimezone(LOCAL_ZONE).year
    reply_by = sending.reply_by or _reply_by(at)
    letter.number, letter.year, letter.state = _next_number(year), year, state
    letter.basis, letter.demand, letter.contact = sending.basis, sending.demand, sending.contact
    letter.facts = sending.facts or letter.facts
    letter.reply_by = reply_by
    letter.sent_by, letter.sent_at = actor.account_id, at
    tell_unit(MessageKind.LETTER_RECEIVED, letter.ticket_numbers[0], letter.organisation_id, at=at)
    return _done(actor, letter, "send_letter")


def reply_to_letter(actor: Actor, letter_id: int, reply: str, *, at: datetime) -> dict[str, Any]:
    """The unit answers. Raises `NotFound`, `SupervisionStateForbids`."""
    letter = _locked(actor, Permission.ANSWER_LETTER, letter_id)
    letter.state = LETTERS.after(letter.state, Deed.REPLY)
    letter.reply, letter.replied_by, letter.replied_at = reply, actor.account_id, at
    tell_supervisors(MessageKind.LETTER_ANSWERED, letter.ticket_numbers[0], at=at)
    return _done(actor, letter, "reply_to_letter")


def close_letter(actor: Actor, letter_id: int, note: str, *, at: datetime) -> dict[str, Any]:
    """Close an answered one, or drop a suggestion. Raises `NotFound`, `SupervisionStateForbids`."""
    letter = _locked(actor, Permission.MANAGE_LETTERS, letter_id)
    letter.state = LETTERS.after(letter.state, Deed.CLOSE)
    letter.closing_note, letter.closed_by, letter.closed_at = note, actor.account_id, at
    return _done(actor, letter, "close_letter")


def _next_number(year: int) -> int:
    db.session.execute(_NUMBERING)
    last = db.session.scalar(sa.select(sa.func.max(Letter.number)).where(Letter.year == year))
    return (last or 0) + 1


def _reply_by(at: datetime) -> date:
    due = working_days_after(at, rules_at(at=at)[Rule.LETTER_REPLY_DAYS])
    return due.astimezone(LOCAL_ZONE).date()


def _done(actor: Actor, letter: Letter, action: str) -> dict[str, Any]:
    db.session.flush()
    audit.record(actor, action, f"letter:{letter.id}")
    return get_letter(actor, letter.id)


def _locked(actor: Actor, permission: Permission, letter_id: int) -> Letter:
    query = sa.select(Letter).where(Letter.id == letter_id, supervised_letters(actor, permission))
    letter = db.session.scalars(query.with_for_update()).one_or_none()
    if letter is None:
        raise NotFound
    return letter


def _letters(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*Letter.__table__.c, Organisation.name.label("organisation_name"))
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .where(supervised_letters(actor, Permission.READ_LETTERS))
    )


_HIDDEN = frozenset({"suggested_by", "sent_by", "replied_by", "closed_by", "area_code"})
_NAMES = [column.name for column in Letter.__table__.c if column.name not in _HIDDEN]


def _shown(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    letter = {name: getattr(row, name) for name in (*_NAMES, "organisation_name")}
    title = f"〔{row.year}〕第 {row.number} 号" if row.number else None
    return letter | {"title": title, "state_label": LETTERS.labels[row.state]}
