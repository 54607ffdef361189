"""交接, as they are told: from whom to whom, what goes over, until when it is to be signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import handover as rules
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.models.handover import Handover
from services.paging import descending, fetch_page
from services.visibility.handovers import GIVER, RECEIVER, joined, visible_handovers

NEWEST_FIRST = descending("newest-handover", Handover.id)


@dataclass(frozen=True, slots=True)
class HandoverDetail:
    """A handover. `is_overdue`: the receiver should have signed by `due_at`."""

    id: int
    housekeeper_id: int
    housekeeper_name: str
    receiver_id: int
    receiver_name: str
    reason: str
    state: str
    note: str | None
    opened_at: datetime
    due_at: datetime
    settled_at: datetime | None
    checklist: dict[str, Any]
    is_overdue: bool


_DETAILS = joined(
    sa.select(
        Handover.id,
        Handover.housekeeper_id,
        GIVER.name,
        Handover.receiver_id,
        RECEIVER.name,
        Handover.reason,
        Handover.state,
        Handover.note,
        Handover.opened_at,
        Handover.due_at,
        Handover.settled_at,
        Handover.checklist,
    )
)


def list_handovers(
    actor: Actor, state: str | None, page: Page, *, at: datetime
) -> tuple[list[HandoverDetail], str | None]:
    """One page of the handovers that concern the actor, newest first, and the next cursor."""
    query = _DETAILS.where(visible_handovers(actor))
    if state is not None:
        query = query.where(Handover.state == state)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_told(row[:-1], at) for row in found.rows], found.next_cursor


def get_handover(actor: Actor, handover_id: int, *, at: datetime) -> HandoverDetail:
    """One handover that concerns the actor. Raises `NotFound`."""
    query = _DETAILS.where(Handover.id == handover_id, visible_handovers(actor))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _told(tuple(row), at)


def _told(values: tuple[Any, ...], at: datetime) -> HandoverDetail:
    named = dict(zip(_STORED, values, strict=True))
    late = rules.is_overdue(named["state"], named["due_at"], at=at)
    return HandoverDetail(**named, is_overdue=late)


_STORED = tuple(HandoverDetail.__dataclass_fields__)[:-1]
