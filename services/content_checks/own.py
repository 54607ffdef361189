"""本人的内容审核: what of one's own is not shown to others, why, and an appeal against it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.content_checks import Cause, CheckState
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.content_check import ContentCheck
from app.models.ticket import Ticket
from services import audit
from services.content_checks.queue import CheckedItem, everything, listed
from services.content_checks.refusals import AppealedBefore, NotHeldBack
from services.paging import descending, fetch_page
from services.visibility.tickets import visible_tickets

NEWEST_FIRST = descending("newest-own-content-check", ContentCheck.id)


def list_own(actor: Actor, page: Page) -> tuple[list[CheckedItem], str | None]:
    """One page of what people held back of the actor's own, or look at again; the newest first.

    Who decided is not told. Raises `Forbidden`.
    """
    is_ruled = ContentCheck.ruled_at.is_not(None)
    found = fetch_page(_own(actor).where(is_ruled), NEWEST_FIRST, page)
    return [_told(row) for row in found.rows], found.next_cursor


def appeal(actor: Actor, check_id: int, words: str, *, at: datetime) -> CheckedItem:
    """Somebody else looks at it again, once. Raises `Forbidden`, `NotFound`, `NotHeldBack`,
    `AppealedBefore`.
    """
    check = _locked(actor, check_id)
    if check.state != CheckState.HELD_BACK:
        raise NotHeldBack
    if check.appeal is not None:
        raise AppealedBefore
    check.state, check.cause = CheckState.REFERRED, Cause.APPEAL
    check.appeal, check.appealed_at = words, at
    db.session.flush()
    item = _told(db.session.execute(_own(actor).where(ContentCheck.id == check_id)).one())
    told = {"ticket": item.ticket_number}
    audit.record(actor, "appeal_content", f"content_check:{check_id}", told)
    return item


def _own(actor: Actor) -> sa.Select[Any]:
    demand(actor, Permission.APPEAL_CONTENT)
    return everything().where(ContentCheck.account_id == actor.account_id, visible_tickets(actor))


def _told(row: Any) -> CheckedItem:
    return listed({**row._mapping, "ruler": None})


def _locked(actor: Actor, check_id: int) -> ContentCheck:
    demand(actor, Permission.APPEAL_CONTENT)
    query = sa.select(ContentCheck).join(Ticket, Ticket.id == ContentCheck.ticket_id)
    mine = query.where(
        ContentCheck.id == check_id,
        ContentCheck.account_id == actor.account_id,
        visible_tickets(actor),
    )
    check = db.session.scalar(mine.with_for_update(of=ContentCheck))
    if check is None:
        raise NotFound
    return check
