"""邀请同事: a code for one person, who becomes a member by it, once and in time."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound, Refused
from app.domain.permissions import Permission, demand
from app.domain.program_codes import Page
from app.models.member import Invitation
from services.audit import record, record_for_account
from services.directory.closed_enterprises import require_open
from services.directory.find_enterprises import require_enterprise
from services.members.join import Seat, account_of_number, keep_number, take_in

CODE_BYTES = 16


class InvitationInvalid(Refused):
    """邀请码无效、已被使用或已过期，请向企业管理员索取新的邀请。"""

    code = "invitation-invalid"


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as it is shown once. `link` leads the mini-program to it."""

    id: int
    role: str
    code: str = field(repr=False)
    link: str = field(repr=False)
    expires_at: datetime


def invite(
    actor: Actor, enterprise_id: int, role: str, lifetime: timedelta, *, at: datetime
) -> Offer:
    """An invitation into the actor's own enterprise. Its code is stored hashed.

    Raises `Forbidden`, `NotFound`, `EnterpriseClosed`.
    """
    demand(actor, Permission.INVITE_MEMBERS)
    require_enterprise(actor, enterprise_id)
    require_open(enterprise_id)
    code = secrets.token_urlsafe(CODE_BYTES)
    invitation = Invitation(
        enterprise_id=enterprise_id,
        role=role,
        code_hash=_digest(code),
        invited_by=actor.account_id,
        created_at=at,
        expires_at=at + lifetime,
    )
    db.session.add(invitation)
    db.session.flush()
    record(actor, "invite_member", f"invitation:{invitation.id}", {"role": role})
    link = f"{Page.INVITATION}?code={code}"
    return Offer(invitation.id, role, code, link, invitation.expires_at)


def end_of_invitation(
    actor: Actor, enterprise_id: int, invitation_id: int, code: str, *, at: datetime
) -> datetime:
    """Until when this invitation of the actor's enterprise, whose code is known, may be accepted.

    Raises `Forbidden`, `NotFound`, `InvitationInvalid` (another code; accepted, revoked, expired).
    """
    demand(actor, Permission.INVITE_MEMBERS)
    require_enterprise(actor, enterprise_id)
    query = sa.select(Invitation).where(
        Invitation.id == invitation_id, Invitation.enterprise_id == enterprise_id
    )
    invitation = db.session.scalar(query)
    if invitation is None:
        raise NotFound
    is_over = invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= at
    if is_over or not hmac.compare_digest(invitation.code_hash, _digest(code)):
        raise InvitationInvalid
    return invitation.expires_at


def revoke_invitation(
    actor: Actor, enterprise_id: int, invitation_id: int, *, at: datetime
) -> None:
    """The code is void. Safe to repeat. Raises `Forbidden`, `NotFound` (also: accepted)."""
    demand(actor, Permission.INVITE_MEMBERS)
    require_enterprise(actor, enterprise_id)
    query = sa.select(Invitation).where(
        Invitation.id == invitation_id,
        Invitation.enterprise_id == enterprise_id,
        Invitation.accepted_at.is_(None),
    )
    invitation = db.session.scalar(query.with_for_update())
    if invitation is None:
        raise NotFound
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        record(actor, "revoke_invitation", f"invitation:{invitation_id}")


def accept_as_account(account_id: int, code: str, ip: str | None, *, at: datetime) -> None:
    """Who is logged in becomes a member; asking again for what was accepted changes nothing.

    Raises `InvitationInvalid`, `MemberAlready`, `EnterpriseClosed`.
    """
    if _was_accepted(code, account_id):
        return
    invitation = _claimed(code, at=at)
    keep_number(account_id)
    _accept(invitation, account_id, ip, at=at)


def accept_by_number(phone: str, name: str, code: str, ip: str | None, *, at: datetime) -> int:
    """Whoever holds the number, for which WeChat vouches, becomes a member; the account.

    Raises what `accept_as_account` raises, `AccountDisabled`.
    """
    invitation = _claimed(code, at=at)
    account_id = account_of_number(phone, name, at=at)
    _accept(invitation, account_id, ip, at=at)
    return account_id


def _claimed(code: str, *, at: datetime) -> Invitation:
    """The invitation of the code, locked: of two who come with it the second one is too late."""
    query = sa.select(Invitation).where(
        Invitation.code_hash == _digest(code),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )
    invitation = db.session.scalar(query.with_for_update())
    if invitation is None:
        raise InvitationInvalid
    return invitation


def _was_accepted(code: str, account_id: int) -> bool:
    query = sa.select(Invitation.id).where(
        Invitation.code_hash == _digest(code), Invitation.accepted_by == account_id
    )
    return db.session.scalar(query) is not None


def _accept(invitation: Invitation, account_id: int, ip: str | None, *, at: datetime) -> None:
    seat = Seat(invitation.enterprise_id, invitation.role, invitation.invited_by, "invitation")
    membership_id = take_in(account_id, seat, at=at)
    invitation.accepted_at, invitation.accepted_by = at, account_id
    db.session.flush()
    facts = {"invitation_id": invitation.id, "role": invitation.role}
    record_for_account(account_id, "accept_invitation", f"membership:{membership_id}", ip, facts)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()
