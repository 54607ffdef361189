"""人工审核: what waits for people, and what they decide. Nothing of the ticket changes by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.content_checks import (
    CAUSE_LABELS,
    RULED,
    STATE_LABELS,
    Cause,
    CheckState,
    Ruling,
)
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.account import Account
from app.models.attachment import Attachment
from app.models.content_check import ContentCheck
from app.models.ticket import Ticket
from services import audit
from services.content_checks.material import WORDS, with_event, words_of
from services.content_checks.refusals import NotReferred, SameReviewer
from services.content_checks.tell import tell_author
from services.paging import ascending, fetch_page
from services.visibility.tickets import visible_tickets

OLDEST_FIRST = ascending("oldest-content-check", ContentCheck.id)
RULER = aliased(Account)


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A check as people see it. `text` are the words; of a picture the name of its file."""

    id: int
    ticket_number: str
    event_seq: int
    action: str
    action_label: str
    text: str
    attachment_id: int | None
    state: str
    state_label: str
    cause: str | None
    cause_label: str | None
    label: int | None
    created_at: datetime
    ruled_by: str | None
    ruled_at: datetime | None
    reason: str | None
    appeal: str | None
    appealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides about a check, and why."""

    ruling: Ruling
    reason: str


SHOWN: tuple[Any, ...] = (
    *(ContentCheck.id, ContentCheck.event_seq, ContentCheck.attachment_id, ContentCheck.state),
    *(ContentCheck.cause, ContentCheck.label, ContentCheck.created_at, ContentCheck.ruled_at),
    *(ContentCheck.reason, ContentCheck.appeal, ContentCheck.appealed_at),
    *(Ticket.number, RULER.name.label("ruler"), Attachment.filename),
    *WORDS,
)


def list_checks(
    actor: Actor, state: CheckState, page: Page
) -> tuple[list[CheckedItem], str | None]:
    """One page of checks in a state, of visible tickets; who waits longest comes first.

    Raises `Forbidden`.
    """
    query = _visible(actor).where(ContentCheck.state == state)
    found = fetch_page(query, OLDEST_FIRST, page)
    return [listed(row._mapping) for row in found.rows], found.next_cursor


def rule(actor: Actor, check_id: int, decision: Decision, *, at: datetime) -> CheckedItem:
    """Release or hold back what waits for people; the author is told what was not as expected.

    Raises `Forbidden`, `NotFound`, `NotReferred`, `SameReviewer`. `at` is business time.
    """
    check = _locked(actor, check_id)
    if check.state != CheckState.REFERRED:
        raise NotReferred
    is_appeal = check.cause == Cause.APPEAL
    if is_appeal and check.ruled_by == actor.account_id:
        raise SameReviewer
    check.state = RULED[decision.ruling]
    check.ruled_by, check.ruled_at, check.reason = actor.account_id, at, decision.reason
    db.session.flush()
    if is_appeal or decision.ruling is Ruling.HOLD_BACK:
        tell_author(check, at=at)
    item = listed(
        db.session.execute(_visible(actor).where(ContentCheck.id == check_id)).one()._mapping
    )
    told = {"ticket": item.ticket_number, "ruling": decision.ruling, "cause": item.cause}
    audit.record(
        actor, "rule_content", f"content_check:{check_id}", told | {"reason": decision.reason}
    )
    return item


def everything() -> sa.Select[Any]:
    """All checks with what is shown of them."""
    query: sa.Select[Any] = with_event(sa.select(*SHOWN))
    return query.outerjoin(RULER, RULER.id == ContentCheck.ruled_by).outerjoin(
        Attachment, Attachment.id == ContentCheck.attachment_id
    )


def listed(row: Mapping[Any, Any]) -> CheckedItem:
    """What `everything` found of one check."""
    same = ("id", "event_seq", "attachment_id", "action", "state", "cause", "label", "created_at")
    by_people = ("ruled_at", "reason", "appeal", "appealed_at")
    is_picture = row["attachment_id"] is not None
    return CheckedItem(
        **{name: row[name] for name in (*same, *by_people)},
        ticket_number=row["number"],
        action_label=labels.ACTION[Permission(row["action"])],
        text=row["filename"] if is_picture else words_of(row),
        state_label=STATE_LABELS[CheckState(row["state"])],
        cause_label=CAUSE_LABELS[Cause(row["cause"])] if row["cause"] else None,
        ruled_by=row["ruler"],
    )


def _visible(actor: Actor) -> sa.Select[Any]:
    demand(actor, Permission.RULE_CONTENT)
    return everything().where(visible_tickets(actor))


def _locked(actor: Actor, check_id: int) -> ContentCheck:
    demand(actor, Permission.RULE_CONTENT)
    query = sa.select(ContentCheck).join(Ticket, Ticket.id == ContentCheck.ticket_id)
    mine = query.where(ContentCheck.id == check_id, visible_tickets(actor))
    check = db.session.scalar(mine.with_for_update(of=ContentCheck))
    if check is None:
        raise NotFound
    return check
