"""加入企业: the account of a number, and the membership that it is given by hand."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import ENTERPRISE_ROLES
from app.domain.errors import AlreadyExists
from app.models.account import Account, Membership
from app.models.wechat import WechatBinding
from app.sealing import fingerprint, seal
from services.accounts import roster
from services.accounts.stored import has_not_ended
from services.accounts.wechat_binding import LOGIN_BYTES
from services.accounts.wechat_refusals import AccountDisabled
from services.directory.closed_enterprises import require_open


class MemberAlready(AlreadyExists):
    """您已经是这家企业的成员。"""

    code = "member-already"


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody gets: a role at an enterprise, from whom, and why."""

    enterprise_id: int
    role: str
    given_by: int | None
    reason: str


def account_of_number(phone: str, name: str, *, at: datetime) -> int:
    """The account that a mobile number opens, from now on its own; a new one if there is none.

    An account that only registers vouched for keeps what they give. Raises `AccountDisabled`.
    """
    phone_hash = fingerprint(phone)
    account = db.session.scalar(sa.select(Account).where(Account.phone_hash == phone_hash))
    if account is None:
        held = roster.holder_of(phone_hash, roster.claims_of(phone_hash), at=at)
        account = db.session.get_one(Account, held) if held else _opened(name)
        account.phone, account.phone_hash = seal(phone, "accounts.phone"), phone_hash
        db.session.flush()
    if not account.is_enabled:
        raise AccountDisabled
    return account.id


def _opened(name: str) -> Account:
    account = Account(login=f"wx-{secrets.token_hex(LOGIN_BYTES)}", name=name)
    db.session.add(account)
    return account


def keep_number(account_id: int) -> None:
    """The number by which WeChat found the account is its own from now on.

    What is given by hand is only safe with an account that no register's number opens.
    """
    account = db.session.get_one(Account, account_id)
    if account.phone_hash is None and account.password_hash is None:
        bound = sa.select(WechatBinding.phone_hash).where(
            WechatBinding.account_id == account_id, WechatBinding.ended_at.is_(None)
        )
        account.phone_hash = db.session.scalar(bound.order_by(WechatBinding.id.desc()).limit(1))
        db.session.flush()


def take_in(account_id: int, seat: Seat, *, at: datetime) -> int:
    """The account is a member from `at` on; the identity of the membership.

    Raises `MemberAlready`, `EnterpriseClosed`.
    """
    require_open(seat.enterprise_id)
    present = sa.select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.enterprise_id == seat.enterprise_id,
        Membership.role.in_(ENTERPRISE_ROLES),
        has_not_ended(Membership, at=at),
    )
    if db.session.scalar(present.limit(1)) is not None:
        raise MemberAlready
    membership = Membership(
        account_id=account_id,
        role=seat.role,
        enterprise_id=seat.enterprise_id,
        valid_from=at,
        granted_by=seat.given_by,
        grant_reason=seat.reason,
    )
    db.session.add(membership)
    db.session.flush()
    return membership.id
