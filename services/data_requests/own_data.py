"""本人信息的副本: all that is kept of a person, for that person."""

from typing import Any

import sqlalchemy as sa

from app.db import db
from app.models.account import Account, Membership
from app.models.content_check import ContentCheck
from app.models.login_session import LoginSession
from app.models.notification import Notification
from app.models.ticket import Ticket
from app.models.ticket_draft import TicketDraft
from app.models.wechat import WechatBinding
from app.models.wecom import WecomBinding
from app.sealing import unseal

PARTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "memberships": (
        Membership.account_id,
        (Membership.role, Membership.valid_from, Membership.valid_until),
    ),
    "bindings": (WechatBinding.account_id, (WechatBinding.bound_at, WechatBinding.ended_at)),
    "wecom_bindings": (
        WecomBinding.account_id,
        (WecomBinding.bound_at, WecomBinding.ended_at),
    ),
    "sessions": (
        LoginSession.account_id,
        (LoginSession.created_at, LoginSession.last_seen_at, LoginSession.ip),
    ),
    "messages": (
        Notification.account_id,
        (Notification.title, Notification.body, Notification.created_at, Notification.read_at),
    ),
    "drafts": (
        TicketDraft.account_id,
        (TicketDraft.body, TicketDraft.first_at, TicketDraft.last_at),
    ),
    "content_checks": (
        ContentCheck.account_id,
        (
            *(ContentCheck.created_at, ContentCheck.state, ContentCheck.reason),
            *(ContentCheck.appeal, ContentCheck.appealed_at),
        ),
    ),
    "tickets": (
        Ticket.submitted_by,
        (Ticket.number, Ticket.title, Ticket.body, Ticket.status, Ticket.submitted_at),
    ),
}
"""Of each part: whose a row is, and what of it tells of the person."""


def own_data(account_id: int) -> dict[str, Any]:
    """The account with its number in clear, and a list of rows for each of `PARTS`."""
    account = db.session.get_one(Account, account_id)
    phone = unseal(account.phone, "accounts.phone") if account.phone else None
    told = {"login": account.login, "name": account.name, "phone": phone}
    return {"account": told} | {part: _rows(part, account_id) for part in PARTS}


def _rows(part: str, account_id: int) -> list[dict[str, Any]]:
    owner, columns = PARTS[part]
    query = sa.select(*columns).where(owner == account_id).order_by(owner.class_.id)
    return [dict(row) for row in db.session.execute(query).mappings()]
