"""客服消息: what somebody writes to the service in WeChat is a draft, or the operators' to see to.

People write in pieces: what comes within half an hour of the last one is joined to the same draft.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES
from app.models.account import Account, Membership
from app.models.ticket_draft import TicketDraft
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from services.accounts.stored import is_in_force

JOINED_WITHIN = timedelta(minutes=30)
LONGEST = 2_000
"""As much as a ticket may say; what is more begins another draft."""

LOCK_BYTES = 8


@dataclass(frozen=True, slots=True)
class ServiceMessage:
    """What `openid` wrote at `at`, by the platform's clock."""

    appid: str
    openid: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


def take(message: ServiceMessage) -> bool:
    """Put the message into a draft; whether its sender acts for an enterprise, and so will see it.

    The messages of others wait for the operators.
    """
    sender = fingerprint(message.openid)
    # Two messages of one sender at once are one after the other.
    key = int.from_bytes(sender[:LOCK_BYTES], signed=True)
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
    account_id = _member(message.appid, sender)
    draft = _open_draft(message, sender, account_id)
    if draft is None:
        db.session.add(_new(message, sender, account_id))
    else:
        draft.body = f"{draft.body}\n{message.text}"
        draft.messages += 1
        draft.first_at = min(draft.first_at, message.at)
        draft.last_at = max(draft.last_at, message.at)
    db.session.flush()
    return account_id is not None


def _member(appid: str, sender: bytes) -> int | None:
    """The account of the sender, if it acts for an enterprise."""
    acts = sa.exists().where(
        Membership.account_id == Account.id,
        Membership.role.in_(ENTERPRISE_ROLES),
        is_in_force(Membership, at=clock.now()),
    )
    query = (
        sa.select(Account.id)
        .join(WechatBinding, WechatBinding.account_id == Account.id)
        .where(
            WechatBinding.appid == appid,
            WechatBinding.openid_hash == sender,
            WechatBinding.ended_at.is_(None),
            Account.is_enabled,
            acts,
        )
    )
    return db.session.scalar(query)


def _open_draft(
    message: ServiceMessage, sender: bytes, account_id: int | None
) -> TicketDraft | None:
    """The one that the message goes on with."""
    query = (
        sa.select(TicketDraft)
        .where(
            TicketDraft.appid == message.appid,
            TicketDraft.openid_hash == sender,
            TicketDraft.account_id.is_not_distinct_from(account_id),
            TicketDraft.state == "open",
            TicketDraft.last_at.between(message.at - JOINED_WITHIN, message.at + JOINED_WITHIN),
            sa.func.char_length(TicketDraft.body) < LONGEST - len(message.text),
        )
        .order_by(TicketDraft.id.desc())
        .limit(1)
    )
    return db.session.scalar(query.with_for_update())


def _new(message: ServiceMessage, sender: bytes, account_id: int | None) -> TicketDraft:
    return TicketDraft(
        account_id=account_id,
        appid=message.appid,
        openid_hash=sender,
        body=message.text,
        messages=1,
        first_at=message.at,
        last_at=message.at,
    )
