"""提出与答复: a person asks, the security administrator answers within fifteen working days."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand, may
from app.domain.work_calendar import WorkCalendar
from app.models.account import Account
from app.models.data_request import DataRequest
from services import audit
from services.data_requests.closing import close
from services.data_requests.own_data import own_data
from services.paging import descending, fetch_page
from services.visibility.asking import NOTHING, Condition

NEWEST_FIRST = descending("newest-data-request", DataRequest.id)
ANSWER_DAYS = 15
"""Working days. Source: 《App违法违规收集使用个人信息行为认定方法》(2019), section 6."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is shown."""

    id: int
    account_id: int
    account_name: str
    kind: str
    words: str
    created_at: datetime
    due_at: datetime
    outcome: str | None
    answer: str | None
    answered_at: datetime | None


def ask(actor: Actor, kind: str, words: str, calendar: WorkCalendar, *, at: datetime) -> Asked:
    """Ask for a copy ("export"), a correction or a deletion. Raises `Conflict`: one at a time."""
    own = DataRequest.account_id == actor.account_id
    waiting = own, DataRequest.kind == kind, DataRequest.outcome.is_(None)
    if db.session.scalar(sa.select(DataRequest.id).where(*waiting).limit(1)):
        raise Conflict("同类请求还在处理中。")
    request = DataRequest(
        account_id=actor.account_id,
        kind=kind,
        words=words,
        created_at=at,
        due_at=calendar.close_of_day(at, ANSWER_DAYS),
    )
    db.session.add(request)
    db.session.flush()
    audit.record(actor, "request_data", f"data_request:{request.id}", {"kind": kind})
    return _get(DataRequest.id == request.id)


def list_own(actor: Actor, page: Page) -> tuple[list[Asked], str | None]:
    """One page of the actor's own requests, newest first, and the next cursor."""
    return _listed(DataRequest.account_id == actor.account_id, page)


def list_all(actor: Actor, page: Page, *, is_open: bool | None) -> tuple[list[Asked], str | None]:
    """One page of everybody's requests, newest first, and the next cursor."""
    if not may(actor, Permission.ANSWER_DATA_REQUESTS):
        return _listed(NOTHING, page)
    state = sa.true() if is_open is None else DataRequest.outcome.is_(None) == is_open
    return _listed(state, page)


def answer(actor: Actor, request_id: int, outcome: str, words: str, *, at: datetime) -> Asked:
    """Settle a request; "done" to a deletion closes the account.

    Raises `NotFound`, `Conflict` (answered already), `ClosingRefused` (why it may only be stored).
    """
    demand(actor, Permission.ANSWER_DATA_REQUESTS)
    request = db.session.get(DataRequest, request_id, with_for_update=True)
    if request is None:
        raise NotFound
    if request.outcome is not None:
        raise Conflict("该请求已经答复。")
    if (request.kind, outcome) == ("delete", "done"):
        close(actor, request.account_id, at=at)
    request.outcome, request.answer = outcome, words
    request.answered_by, request.answered_at = actor.account_id, at
    db.session.flush()
    facts = {"kind": request.kind, "outcome": outcome}
    audit.record(actor, "answer_data_request", f"data_request:{request_id}", facts)
    return _get(DataRequest.id == request_id)


def copy_of(actor: Actor, request_id: int) -> dict[str, Any]:
    """All that is kept of the actor, once the own request for a copy was granted.

    Raises `NotFound`, `Conflict` (not granted).
    """
    own = DataRequest.id == request_id, DataRequest.account_id == actor.account_id
    request = db.session.scalar(sa.select(DataRequest).where(*own))
    if request is None:
        raise NotFound
    if (request.kind, request.outcome) != ("export", "done"):
        raise Conflict("该请求不是已同意的副本请求。")
    audit.record(actor, "export_own_data", f"data_request:{request_id}")
    return own_data(request.account_id)


_SHOWN = (
    DataRequest.id,
    DataRequest.account_id,
    Account.name,
    DataRequest.kind,
    DataRequest.words,
    DataRequest.created_at,
    DataRequest.due_at,
    DataRequest.outcome,
    DataRequest.answer,
    DataRequest.answered_at,
)


def _select(condition: Condition) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*_SHOWN).join(Account, Account.id == DataRequest.account_id)
    return query.where(condition)


def _get(condition: Condition) -> Asked:
    return Asked(*db.session.execute(_select(condition)).one())


def _listed(condition: Condition, page: Page) -> tuple[list[Asked], str | None]:
    found = fetch_page(_select(condition), NEWEST_FIRST, page)
    return [Asked(*row[: len(_SHOWN)]) for row in found.rows], found.next_cursor
