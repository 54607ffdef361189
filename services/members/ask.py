"""加入申请: somebody whose number no register knows asks to act for an enterprise; an official of

its area verifies and decides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain import uscc
from app.domain.actor import Actor
from app.domain.errors import Conflict, FieldError, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.masking import mask_phone
from app.domain.permissions import Permission, demand
from app.domain.register import CLOSED_DOWN, chinese_name
from app.models.enterprise import Enterprise
from app.models.member import MembershipRequest
from app.sealing import fingerprint, seal, unseal
from services.audit import record
from services.members.join import Seat, account_of_number, take_in
from services.paging import ascending, fetch_page
from services.visibility.register import visible_enterprises

OLDEST_FIRST = ascending("request", MembershipRequest.id)


class AlreadyDecided(Conflict):
    """该申请已经处理。"""

    code = "request-decided"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who asks, for which enterprise (by credit code), and why. `name` is the person's."""

    uscc: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class RequestItem:
    """A request as the official sees it. `name` is whole, to be compared; `phone` is masked."""

    id: int
    enterprise_id: int
    enterprise_name: str
    name: str
    phone: str
    note: str | None
    state: str
    asked_at: datetime
    decided_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the official decides. `role` is what is given; a refusal has a `reason`."""

    is_approved: bool
    role: str
    reason: str | None


def ask_to_join(phone: str, wish: Wish, *, at: datetime) -> None:
    """Keep the request of whoever holds the number; one that waits already is not kept twice.

    Whether an enterprise has the credit code is not told: without one, or with one that closed,
    nothing is kept and the answer is the same. Raises `InvalidInput` for what is no credit code.
    """
    code = uscc.normalise(wish.uscc)
    if not uscc.is_valid(code):
        raise InvalidInput([FieldError("/uscc", "uscc", "统一社会信用代码有误。")])
    enterprise_id = db.session.scalar(
        sa.select(Enterprise.id).where(
            Enterprise.uscc == code, Enterprise.operating_state != CLOSED_DOWN
        )
    )
    if enterprise_id is None:
        return
    values: dict[str, Any] = {
        "enterprise_id": enterprise_id,
        "name": seal(chinese_name(wish.name), "membership_requests.name"),
        "phone": seal(phone, "membership_requests.phone"),
        "phone_hash": fingerprint(phone),
        "note": wish.note,
        "asked_at": at,
    }
    db.session.execute(insert(MembershipRequest).values(values).on_conflict_do_nothing())


def list_requests(actor: Actor, state: str, page: Page) -> tuple[list[RequestItem], str | None]:
    """One page of the requests for enterprises that the actor sees, oldest first; the next cursor.

    Raises `Forbidden`.
    """
    demand(actor, Permission.DECIDE_MEMBERSHIP)
    found = fetch_page(_visible(actor).where(MembershipRequest.state == state), OLDEST_FIRST, page)
    return [_item(row) for row in found.rows], found.next_cursor


def decide_request(
    actor: Actor, request_id: int, decision: Decision, *, at: datetime
) -> RequestItem:
    """Approve, which makes the person a member, or refuse.

    Raises `Forbidden`, `NotFound`, `AlreadyDecided`, `InvalidInput` (a refusal without a reason),
    and what `take_in` raises.
    """
    demand(actor, Permission.DECIDE_MEMBERSHIP)
    if not decision.is_approved and not decision.reason:
        raise InvalidInput([FieldError("/reason", "required", "不同意时须说明理由。")])
    mine = _visible(actor).where(MembershipRequest.id == request_id)
    row = db.session.execute(mine.with_for_update(of=MembershipRequest)).one_or_none()
    if row is None:
        raise NotFound
    request: MembershipRequest = row[0]
    if request.state != "pending":
        raise AlreadyDecided
    if decision.is_approved:
        phone = unseal(request.phone, "membership_requests.phone")
        name = unseal(request.name, "membership_requests.name")
        seat = Seat(request.enterprise_id, decision.role, actor.account_id, "request")
        take_in(account_of_number(phone, name, at=at), seat, at=at)
    request.state = "approved" if decision.is_approved else "refused"
    request.decided_at, request.decided_by = at, actor.account_id
    request.reason = decision.reason
    db.session.flush()
    record(actor, "decide_membership", f"membership_request:{request_id}", {"state": request.state})
    return _item(row)


def _visible(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(MembershipRequest, Enterprise.name.label("enterprise_name"))
        .join(Enterprise, Enterprise.id == MembershipRequest.enterprise_id)
        .where(visible_enterprises(actor))
    )


def _item(row: Any) -> RequestItem:
    request: MembershipRequest = row[0]
    return RequestItem(
        id=request.id,
        enterprise_id=request.enterprise_id,
        enterprise_name=row.enterprise_name,
        name=unseal(request.name, "membership_requests.name"),
        phone=mask_phone(unseal(request.phone, "membership_requests.phone")),
        note=request.note,
        state=request.state,
        asked_at=request.asked_at,
        decided_at=request.decided_at,
        reason=request.reason,
    )
