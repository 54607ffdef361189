"""微信登录: whose code it is, and the session or the visitor's pass that follows.

WeChat is asked while no transaction is open; what it says of a session (session_key) never gets
here. The WeChat account is the second factor of whoever comes this way, so that these sessions
live by the phone's limits in every role.
"""

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import Unauthenticated
from app.domain.register import mobile
from app.models.account import Account
from app.models.wechat import WechatBinding
from app.sealing import fingerprint
from services.accounts import rate_limits, roster, sessions, visitors, wechat_binding
from services.accounts.login import WINDOW
from services.accounts.sessions import Tokens
from services.accounts.terms import Terms
from services.accounts.visitors import Pass, Visitor
from services.accounts.wechat_binding import Bound
from services.accounts.wechat_codes import spend
from services.accounts.wechat_refusals import AccountDisabled, PhoneUnfit, WeChatOff
from services.audit import record_for_account
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import Call
from services.gateways.wechat_programs import Programs

PER_ADDRESS_FACTOR = 100
"""Phones share the addresses of their network by the thousand."""
PER_PERSON_FACTOR = 5
"""A clumsy client binds at every start; each number still costs money."""


def log_in(wechat: WeChat | None, code: str, terms: Terms) -> Tokens | Pass:
    """A session of the account that the WeChat user is bound to, else a visitor's pass.

    Raises `WeChatOff`, `TooManyRequests`, `AccountDisabled` and the rest of `wechat_refusals`.
    """
    if wechat is None:
        raise WeChatOff
    _count(f"wechat:{terms.ip}", terms.attempts * PER_ADDRESS_FACTOR)
    identity = spend(Call.SESSION, code, wechat.identify)
    unionid_hash = fingerprint(identity.unionid) if identity.unionid else None
    visitor = Visitor(wechat.appid, identity.openid, unionid_hash)
    bound = _enter(visitor, terms)
    return _open(bound, terms) if bound else visitors.admit(visitor)


def bind_phone(visitor: Visitor, programs: Programs | None, code: str, terms: Terms) -> Tokens:
    """Bind the visitor by the number that WeChat vouches for; answers a session of the account.

    Raises what `log_in` raises, `PhoneNotInRoster` and the errors of a phone code; the pass stays
    good then, and an earlier binding stands.
    """
    return enter_by_number(visitor, number_of(visitor, programs, code, terms), terms)


def number_of(visitor: Visitor, programs: Programs | None, code: str, terms: Terms) -> str:
    """The mobile number that WeChat vouches for. Raises what `bind_phone` raises about it."""
    if programs is None:
        raise WeChatOff
    wechat = programs.of(visitor.appid)
    if wechat is None:
        raise Unauthenticated
    _count(f"wechat:{terms.ip}", terms.attempts * PER_ADDRESS_FACTOR)
    _count(f"phone:{visitor.openid_hash.hex()}", terms.attempts * PER_PERSON_FACTOR)
    number = spend(Call.PHONE, code, lambda code: wechat.phone(code, visitor.openid))
    phone = mobile(number)
    if phone is None:
        raise PhoneUnfit
    return phone


def enter_by_number(visitor: Visitor, phone: str, terms: Terms) -> Tokens:
    """A session of the account that the number opens. Raises `PhoneNotInRoster`."""
    bound = wechat_binding.bind(visitor, fingerprint(phone), terms.ip, at=clock.now())
    return _open(bound, terms)


def _enter(visitor: Visitor, terms: Terms) -> Bound | None:
    """The standing binding, its memberships as the registers have them today."""
    row = db.session.execute(_standing(visitor)).one_or_none()
    if row is None and wechat_binding.link(visitor, terms.ip):
        row = db.session.execute(_standing(visitor)).one_or_none()
    if row is None:
        return None
    if not row.is_enabled:
        raise AccountDisabled
    if visitor.unionid_hash not in (None, row.unionid_hash):
        wechat_binding.note_unionid(row.id, visitor)
    changes = roster.match_roster(row.account_id, row.phone_hash, at=clock.now())
    if facts := changes.facts():
        subject = f"account:{row.account_id}"
        record_for_account(row.account_id, "match_roster", subject, terms.ip, facts)
    return Bound(row.id, row.account_id)


def _standing(visitor: Visitor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            WechatBinding.id,
            WechatBinding.account_id,
            WechatBinding.phone_hash,
            WechatBinding.unionid_hash,
            Account.is_enabled,
        )
        .join(Account, Account.id == WechatBinding.account_id)
        .where(
            WechatBinding.appid == visitor.appid,
            WechatBinding.openid_hash == visitor.openid_hash,
            WechatBinding.ended_at.is_(None),
        )
        .with_for_update(of=WechatBinding, key_share=True)
    )


def _open(bound: Bound, terms: Terms) -> Tokens:
    subject = f"account:{bound.account_id}"
    record_for_account(bound.account_id, "log_in_by_wechat", subject, terms.ip)
    return sessions.open_session(bound.account_id, "phone", terms, bound.binding_id)


def _count(key: str, limit: int) -> None:
    rate_limits.count(key, limit, WINDOW, at=clock.real())
