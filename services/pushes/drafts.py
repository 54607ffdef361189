"""诉求草稿: one's own, of what was written to the service; and what waits for the operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound, Refused
from app.domain.facts.intake import Submission
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.ticket_draft import TicketDraft
from services import audit
from services.paging import ascending, descending, fetch_page
from services.tickets.intake import Submitted, submit
from services.visibility.asking import Condition

NEWEST_FIRST = descending("newest-draft", TicketDraft.id)
OLDEST_FIRST = ascending("oldest-service-message", TicketDraft.id)
NOBODYS: Condition = TicketDraft.account_id.is_(None)


class DraftSettled(Refused):
    """这份草稿已经提交或删除。"""

    code = "draft-settled"


class ServiceMessageSettled(Refused):
    """这条客服消息已经处理。"""

    code = "service-message-settled"


@dataclass(frozen=True, slots=True)
class DraftItem:
    """What was written, from the first message to the last one, in as many pieces."""

    id: int
    body: str
    messages: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ServiceMessageItem:
    """What somebody wrote who acts for no enterprise. `note`: what was done about it."""

    id: int
    body: str
    messages: int
    first_at: datetime
    last_at: datetime
    state: str
    note: str | None
    settled_at: datetime | None


def list_drafts(actor: Actor, page: Page) -> tuple[list[DraftItem], str | None]:
    """A page of the actor's own open drafts, the newest first."""
    demand(actor, Permission.USE_OWN_DRAFTS)
    mine = sa.select(*_SHOWN).where(_own(actor), TicketDraft.state == "open")
    found = fetch_page(mine, NEWEST_FIRST, page)
    return [DraftItem(*row[: len(_SHOWN)]) for row in found.rows], found.next_cursor


def submit_draft(
    actor: Actor, draft_id: int, facts: Submission, prefix: str, *, at: datetime
) -> Submitted:
    """A ticket out of the draft, as its person has completed it; the draft is gone then.

    Raises `NotFound`, `DraftSettled`, and what `submit` raises.
    """
    draft = _locked(actor, draft_id)
    submitted = submit(actor, facts, prefix, at=at)
    _settle(draft, actor, state="submitted", ticket_number=submitted.number)
    return submitted


def discard(actor: Actor, draft_id: int) -> None:
    """The person wants nothing of it. Raises `NotFound`, `DraftSettled`."""
    _settle(_locked(actor, draft_id), actor, state="closed")


def list_service_messages(
    actor: Actor, page: Page, *, is_open: bool
) -> tuple[list[ServiceMessageItem], str | None]:
    """A page of what waits for the operators, or has been settled; who waits longest comes first.

    Raises `Forbidden`.
    """
    demand(actor, Permission.SETTLE_SERVICE_MESSAGES)
    state = TicketDraft.state == ("open" if is_open else "closed")
    found = fetch_page(sa.select(*_QUEUED).where(NOBODYS, state), OLDEST_FIRST, page)
    return [_queued(row) for row in found.rows], found.next_cursor


def settle_service_message(actor: Actor, message_id: int, note: str) -> ServiceMessageItem:
    """Something was done about it, as `note` says.

    Raises `Forbidden`, `NotFound`, `ServiceMessageSettled`.
    """
    demand(actor, Permission.SETTLE_SERVICE_MESSAGES)
    query = sa.select(TicketDraft).where(TicketDraft.id == message_id, NOBODYS)
    message = db.session.scalar(query.with_for_update())
    if message is None:
        raise NotFound
    if message.state != "open":
        raise ServiceMessageSettled
    _settle(message, actor, state="closed", note=note)
    audit.record(actor, "settle_service_message", f"ticket_draft:{message_id}", {"note": note})
    shown = sa.select(*_QUEUED).where(TicketDraft.id == message_id)
    return _queued(db.session.execute(shown).one())


def _own(actor: Actor) -> Condition:
    return TicketDraft.account_id == actor.account_id


def _locked(actor: Actor, draft_id: int) -> TicketDraft:
    demand(actor, Permission.USE_OWN_DRAFTS)
    query = sa.select(TicketDraft).where(TicketDraft.id == draft_id, _own(actor))
    draft = db.session.scalar(query.with_for_update())
    if draft is None:
        raise NotFound
    if draft.state != "open":
        raise DraftSettled
    return draft


def _settle(draft: TicketDraft, actor: Actor, **told: Any) -> None:
    """Like the messages, in real time."""
    for name, value in told.items():
        setattr(draft, name, value)
    draft.settled_by, draft.settled_at = actor.account_id, clock.real()
    db.session.flush()


def _queued(row: Any) -> ServiceMessageItem:
    return ServiceMessageItem(*row[: len(_QUEUED)])


_SHOWN = (
    TicketDraft.id,
    TicketDraft.body,
    TicketDraft.messages,
    TicketDraft.first_at,
    TicketDraft.last_at,
)
_QUEUED = (*_SHOWN, TicketDraft.state, TicketDraft.note, TicketDraft.settled_at)
