"""谁: the account behind a token, its memberships in force, and what its session may do now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.db import db, separate_transaction
from app.domain.actor import Actor, Role
from app.domain.errors import Forbidden, Unauthenticated
from app.models.account import Account, Membership
from app.models.log_in import SecondFactor
from app.models.login_session import LoginSession
from app.models.wechat import WechatBinding
from services.accounts.stored import is_in_force
from services.accounts.wechat_refusals import WHOM_TO_ASK

SEEN_EVERY = timedelta(minutes=1)
FRESH = timedelta(minutes=10)
"""So long after proving who it is a person may do what is dangerous."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership in force. `acts_for`: the name of the housekeeper whose place is taken."""

    id: int
    role: Role
    organisation_id: int | None
    enterprise_id: int | None
    housekeeper_id: int | None
    area_code: str | None
    area_prefix: str | None
    is_default: bool
    acts_for: str | None = None


class NoMembership(Forbidden):
    """该账号没有有效的身份。"""

    def __init__(self) -> None:
        super().__init__(f"{type(self).__doc__}{WHOM_TO_ASK}")


class Restriction(StrEnum):
    """What a session has to do before it may do anything else."""

    CHANGE_PASSWORD = "change-password"  # noqa: S105  # what to do with one
    ENROL = "enrol-second-factor"


@dataclass(frozen=True, slots=True)
class Principal:
    """An account that holds a live session, with its memberships in force.

    `binding_id`: WeChat opened the session, by the mini-program `appid`. `authenticated_at`: when
    the person last proved it.
    """

    account_id: int
    name: str
    login: str
    session_id: int
    memberships: tuple[Standing, ...]
    kind: str
    binding_id: int | None
    appid: str | None
    authenticated_at: datetime | None
    must_change_password: bool
    has_second_factor: bool

    def restriction(self, second_factor: str) -> "Restriction | None":
        """What has to be done before anything else; `second_factor`: the setting.

        The phone is the second factor of whoever comes by WeChat, and no password was needed.
        """
        if self.binding_id is not None:
            return None
        if self.must_change_password:
            return Restriction.CHANGE_PASSWORD
        is_staff = self.kind == "staff"
        if second_factor == "required" and is_staff and not self.has_second_factor:
            return Restriction.ENROL
        return None

    def is_fresh(self, *, at: datetime) -> bool:
        """Whether the person has proved who it is a moment ago (`FRESH`)."""
        since = self.authenticated_at
        return since is not None and at - since < FRESH

    def actor(self, membership: str | None, ip: str | None) -> Actor:
        """The account in the membership asked for, else the default one or the first.

        Raises `Forbidden` when the membership is not the account's, `NoMembership` without any.
        """
        chosen = self.chosen(membership)
        if chosen is None:
            raise NoMembership
        return Actor(
            role=chosen.role,
            name=f"{self.name}（代{chosen.acts_for}）" if chosen.acts_for else self.name,
            account_id=self.account_id,
            membership_id=chosen.id,
            organisation_id=chosen.organisation_id,
            enterprise_id=chosen.enterprise_id,
            housekeeper_id=chosen.housekeeper_id,
            area_prefix=chosen.area_prefix,
            ip=ip,
            is_delegate=chosen.acts_for is not None,
        )

    def chosen(self, membership: str | None) -> Standing | None:
        """The membership in which `actor` would act; None, whatever is asked for, without any.

        Raises `Forbidden` when the membership is not the account's.
        """
        if not self.memberships:
            return None
        if membership is not None:
            for standing in self.memberships:
                if str(standing.id) == membership:
                    return standing
            raise Forbidden("X-Membership 不是您的身份。")
        return next((one for one in self.memberships if one.is_default), self.memberships[0])


def principal_of(token_digest: bytes) -> Principal:
    """The account behind a token. Raises `Unauthenticated` for unknown, ended or idle sessions."""
    at = clock.real()
    rows = db.session.execute(
        _LIVE_SESSION, {"digest": token_digest, "real": at, "business": clock.now()}
    ).all()
    if not rows:
        raise Unauthenticated
    first = rows[0]
    if at - first.last_seen_at >= SEEN_EVERY:
        _touch(first.session_id, at, at + (first.token_expires_at - first.last_seen_at))
    standings = tuple(_standing(row) for row in rows if row.membership_id is not None)
    return Principal(
        account_id=first.account_id,
        name=first.name,
        login=first.login,
        session_id=first.session_id,
        memberships=standings,
        kind=first.kind,
        binding_id=first.binding_id,
        appid=first.appid,
        authenticated_at=first.authenticated_at,
        must_change_password=first.must_change_password,
        has_second_factor=first.has_second_factor,
    )


_BUSINESS = sa.bindparam("business", type_=sa.TIMESTAMP(timezone=True))
_DELEGATOR, _ABSENT = aliased(Membership), aliased(Account)


def _delegator_stands(at: sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Who acts for somebody does so no longer than that one is a housekeeper."""
    own = aliased(Membership)
    return sa.exists().where(own.id == Membership.delegator_id, is_in_force(own, at=at))


_LIVE_SESSION = (
    sa.select(
        LoginSession.id.label("session_id"),
        LoginSession.last_seen_at,
        LoginSession.token_expires_at,
        LoginSession.kind,
        LoginSession.binding_id,
        WechatBinding.appid,
        LoginSession.authenticated_at,
        Account.id.label("account_id"),
        Account.name,
        Account.login,
        Account.must_change_password,
        sa.exists()
        .where(SecondFactor.account_id == Account.id, SecondFactor.confirmed_at.is_not(None))
        .label("has_second_factor"),
        Membership.id.label("membership_id"),
        Membership.role,
        Membership.organisation_id,
        Membership.enterprise_id,
        Membership.housekeeper_id,
        Membership.area_code,
        Membership.area_prefix,
        Membership.is_default,
        _ABSENT.name.label("acts_for"),
    )
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(WechatBinding, WechatBinding.id == LoginSession.binding_id)
    .outerjoin(
        Membership,
        sa.and_(
            Membership.account_id == Account.id,
            is_in_force(Membership, at=_BUSINESS),
            sa.or_(Membership.delegator_id.is_(None), _delegator_stands(_BUSINESS)),
        ),
    )
    .outerjoin(_DELEGATOR, _DELEGATOR.id == Membership.delegator_id)
    .outerjoin(_ABSENT, _ABSENT.id == _DELEGATOR.account_id)
    .where(
        LoginSession.token_hash == sa.bindparam("digest"),
        LoginSession.revoked_at.is_(None),
        LoginSession.token_expires_at > sa.bindparam("real"),
        LoginSession.expires_at > sa.bindparam("real"),
        Account.is_enabled,
    )
    .order_by(Membership.is_default.desc(), Membership.id)
)


def _standing(row: Any) -> Standing:
    return Standing(
        id=row.membership_id,
        role=Role(row.role),
        organisation_id=row.organisation_id,
        enterprise_id=row.enterprise_id,
        housekeeper_id=row.housekeeper_id,
        area_code=row.area_code,
        area_prefix=row.area_prefix,
        is_default=row.is_default,
        acts_for=row.acts_for,
    )


def _touch(session_id: int, at: datetime, expires_at: datetime) -> None:
    """Idle time starts again; outside the request's transaction, at most once a minute."""
    with separate_transaction() as session:
        session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == session_id)
            .values(
                last_seen_at=at,
                token_expires_at=sa.func.least(expires_at, LoginSession.expires_at),
            )
        )
