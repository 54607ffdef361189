"""更换管家的请求: an enterprise's right, once a quarter and without a reason; people answer it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, FieldError, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.pairing_grounds import Rule
from app.domain.permissions import Permission
from app.models.enterprise import Enterprise
from app.models.pairing import HousekeeperChangeRequest as Request
from services import audit
from services.paging import descending, fetch_page
from services.pairing.propose import Proposal, propose
from services.visibility.pairings import reached_enterprises

NEWEST_FIRST = descending("newest-change-request", Request.id)


class AskedThisQuarter(Conflict):
    """本季度已经请求过更换管家，每季度一次。"""

    code = "asked-this-quarter"


class RequestSettled(Conflict):
    """这项请求已经答复。"""

    code = "request-settled"


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A request and what became of it."""

    id: int
    enterprise_id: int
    enterprise_name: str
    quarter: str
    state: str
    wish: str | None
    requested_at: datetime
    settled_at: datetime | None
    explanation: str | None
    pairing_id: int | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Another housekeeper, who is proposed, or an explanation why there is none."""

    housekeeper_id: int | None = None
    explanation: str | None = None


def quarter_of(instant: datetime) -> str:
    """The local quarter, such as 2026Q4."""
    local = instant.astimezone(LOCAL_ZONE)
    return f"{local.year}Q{(local.month + 2) // 3}"


def request_change(
    actor: Actor, enterprise_id: int, wish: str | None, *, at: datetime
) -> ChangeRequest:
    """The enterprise asks; no reason need be given. Raises `NotFound`, `AskedThisQuarter`."""
    within = reached_enterprises(actor, Permission.REQUEST_HOUSEKEEPER_CHANGE)
    is_own = sa.exists().where(Enterprise.id == enterprise_id, within)
    if not db.session.scalar(sa.select(is_own)):
        raise NotFound
    storing = insert(Request).values(
        enterprise_id=enterprise_id,
        quarter=quarter_of(at),
        state="open",
        wish=wish,
        requested_by=actor.account_id,
        requested_at=at,
    )
    request_id = db.session.scalar(storing.on_conflict_do_nothing().returning(Request.id))
    if request_id is None:
        raise AskedThisQuarter
    audit.record(actor, "request_housekeeper_change", f"change_request:{request_id}")
    return get_request(actor, request_id)


def settle_request(
    actor: Actor, request_id: int, settlement: Settlement, *, at: datetime
) -> ChangeRequest:
    """Answer a request: with a proposal, which the unit confirms as ever, or an explanation.

    Raises `NotFound`, `RequestSettled`, `InvalidInput`, and whatever a proposal may raise.
    """
    found = _locked(actor, request_id)
    if (settlement.housekeeper_id is None) and settlement.explanation is None:
        detail = "请选择新的管家，或说明不更换的理由。"
        raise InvalidInput([FieldError("/explanation", "required", detail)])
    if settlement.housekeeper_id is not None:
        proposal = Proposal(found.enterprise_id, settlement.housekeeper_id)
        found.pairing_id, _ = propose(actor, proposal, rule=Rule.REQUEST, at=at)
    found.state = "declined" if found.pairing_id is None else "granted"
    found.explanation, found.settled_at = settlement.explanation, at
    found.settled_by = actor.account_id
    db.session.flush()
    audit.record(actor, "settle_housekeeper_change", f"change_request:{request_id}")
    return get_request(actor, request_id)


def list_requests(
    actor: Actor, state: str | None, page: Page
) -> tuple[list[ChangeRequest], str | None]:
    """One page of the requests within reach, newest first, and the next cursor."""
    query = _items(actor).where(_visible(actor))
    if state is not None:
        query = query.where(Request.state == state)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [ChangeRequest(*row[:-1]) for row in found.rows], found.next_cursor


def get_request(actor: Actor, request_id: int) -> ChangeRequest:
    """One request within reach. Raises `NotFound`."""
    query = _items(actor).where(Request.id == request_id, _visible(actor))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return ChangeRequest(*row)


def _items(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """The requests; within the enterprise only who wrote a wish reads it."""
    wish: Any = Request.wish
    if actor.is_enterprise:
        wish = sa.case((Request.requested_by == actor.account_id, wish))
    return sa.select(
        Request.id,
        Request.enterprise_id,
        Enterprise.name,
        Request.quarter,
        Request.state,
        wish,
        Request.requested_at,
        Request.settled_at,
        Request.explanation,
        Request.pairing_id,
    ).join(Enterprise, Enterprise.id == Request.enterprise_id)


def _visible(actor: Actor) -> Any:
    return reached_enterprises(actor, Permission.READ_CHANGE_REQUESTS)


def _locked(actor: Actor, request_id: int) -> Request:
    within = reached_enterprises(actor, Permission.SETTLE_HOUSEKEEPER_CHANGE)
    query = sa.select(Request).join(Enterprise, Enterprise.id == Request.enterprise_id)
    query = query.where(Request.id == request_id, within).with_for_update(of=Request)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    if found.state != "open":
        raise RequestSettled
    return found
