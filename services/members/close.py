"""企业注销, and what an enterprise wishes about visits."""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Permission, demand
from app.domain.register import CLOSED_DOWN
from app.domain.vocabulary import FINAL
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Membership
from app.models.enterprise import Enterprise
from app.models.member import Invitation, MembershipRequest
from app.models.pairing import Pairing
from app.models.ticket import Ticket
from services.accounts.stored import has_not_ended
from services.audit import record
from services.pairing.propose import demand_charge
from services.visibility.register import visible_enterprises
from services.visibility.tickets import OPENLY_TOLD, visible_tickets

NAMED_AT_MOST = 10


class TicketsOpen(Conflict):
    """该企业尚有未办结的诉求，请先办结或由企业撤回。"""

    code = "tickets-open"


def close_enterprise(actor: Actor, enterprise_id: int, reason: str, *, at: datetime) -> None:
    """The enterprise closed down: memberships and pairings end, what waits to join is void.

    The rows and their history stay. Safe to repeat. Raises `Forbidden`, `NotFound`, `NotInCharge`
    (a category that others report), `TicketsOpen` naming the first of them, confidential ones only
    to who may see them.
    """
    demand(actor, Permission.CLOSE_ENTERPRISE)
    enterprise = _locked(actor, enterprise_id)
    demand_charge(actor, enterprise_id)
    if enterprise.closed_on is not None:
        return
    _demand_no_tickets(actor, enterprise_id)
    enterprise.operating_state = CLOSED_DOWN
    enterprise.closed_on = at.astimezone(LOCAL_ZONE).date()
    _end_memberships(actor, enterprise_id, at=at)
    standing = sa.select(Pairing).where(
        Pairing.enterprise_id == enterprise_id, Pairing.state != "ended"
    )
    for pairing in db.session.scalars(standing.with_for_update()):
        pairing.end(at=at)
    db.session.flush()
    record(actor, "close_enterprise", f"enterprise:{enterprise_id}", {"reason": reason})


def state_visit_wish(actor: Actor, enterprise_id: int, preference: str) -> None:
    """Whether the enterprise is visited as need be, or only when it asks; a housekeeper puts its
    word down.

    Raises `Forbidden`, `NotFound`.
    """
    demand(actor, Permission.STATE_VISIT_WISH)
    enterprise = _locked(actor, enterprise_id)
    if enterprise.visit_preference != preference:
        enterprise.visit_preference = preference
        subject = f"enterprise:{enterprise_id}"
        record(actor, "state_visit_wish", subject, {"visit_preference": preference})


def _locked(actor: Actor, enterprise_id: int) -> Enterprise:
    query = sa.select(Enterprise).where(Enterprise.id == enterprise_id, visible_enterprises(actor))
    enterprise = db.session.scalar(query.with_for_update())
    if enterprise is None:
        raise NotFound
    return enterprise


def _demand_no_tickets(actor: Actor, enterprise_id: int) -> None:
    is_open = Ticket.enterprise_id == enterprise_id, Ticket.status.not_in(FINAL)
    told = sa.or_(OPENLY_TOLD, visible_tickets(actor)).label("told")
    found = db.session.execute(sa.select(Ticket.number, told).where(*is_open).order_by(Ticket.id))
    if rows := found.all():
        first = "、".join([row.number for row in rows if row.told][:NAMED_AT_MOST])
        named = f"：{first}" if first else ""
        raise TicketsOpen(f"该企业尚有 {len(rows)} 件诉求未办结{named}。请先办结或由企业撤回。")


def _end_memberships(actor: Actor, enterprise_id: int, *, at: datetime) -> None:
    db.session.execute(
        sa.update(Membership)
        .where(Membership.enterprise_id == enterprise_id, has_not_ended(Membership, at=at))
        .values(valid_until=at, ended_by=actor.account_id)
    )
    db.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.enterprise_id == enterprise_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    db.session.execute(
        sa.update(MembershipRequest)
        .where(
            MembershipRequest.enterprise_id == enterprise_id, MembershipRequest.state == "pending"
        )
        .values(state="refused", decided_at=at, decided_by=actor.account_id, reason="企业已注销")
    )
