"""微信绑定: which account a WeChat user is, by the number that WeChat vouches for.

Each mini-program knows the same person as another WeChat user, so that an account has a binding in
each. Where the platform tells the person's unionid, who is bound in one is known in all of them.

A number leads to the account that an administrator gave it to, else to the one that holds its
places already, else to the one this WeChat user has, else to a new one. Only the first of these may
hold more than what registers give: the number of an enterprise opens no role of the staff.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.account import Account, Membership
from app.models.enterprise import Enterprise
from app.models.wechat import WechatBinding
from app.sealing import seal
from services.accounts import roster, sessions, visitors
from services.accounts.visitors import Visitor
from services.accounts.wechat_refusals import AccountDisabled, PhoneNotInRoster
from services.audit import record_for_account

ONE_AT_A_TIME = 0x62696E64
"""Key of the lock under which people are bound: rare and short, and two must not make two accounts
of one number."""


LOGIN_BYTES = 6
STANDING = WechatBinding.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Bound:
    """A standing binding and its account."""

    binding_id: int
    account_id: int


def bind(visitor: Visitor, phone_hash: bytes, ip: str | None, *, at: datetime) -> Bound:
    """Bind the WeChat user to the account of the number, with all that the registers give to it.

    Whoever was bound by the number or to the account before is no longer: the latest vouching wins.
    Raises `PhoneNotInRoster` and `AccountDisabled`, and changes nothing then.
    """
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    account_id = _account_of(visitor, phone_hash, at=at)
    kept = None
    for binding in _touched(visitor, account_id, phone_hash):
        if binding.account_id == account_id and _is_same(binding, visitor, phone_hash):
            kept = binding if binding.appid == visitor.appid else kept
            _renew(binding, visitor, phone_hash)
            continue
        _end(binding, ip)
        if binding.account_id != account_id:
            _withdraw(binding, at=at)
    binding = kept or _new(visitor, account_id, phone_hash)
    roster.withdraw(phone_hash, Membership.account_id != account_id, at=at)
    changes = roster.match_roster(account_id, phone_hash, at=at)
    _verify_contacts(phone_hash, at=at)
    visitors.dismiss(visitor)
    _record(binding, "bind_wechat", ip, changes.facts())
    return Bound(binding.id, account_id)


def _verify_contacts(phone_hash: bytes, *, at: datetime) -> None:
    """WeChat vouches for the number: enterprises that name it as their contact can be reached."""
    reached = sa.update(Enterprise).where(Enterprise.contact_phone_hash == phone_hash)
    db.session.execute(reached.values(contact_verified_at=at))


def binding_of(account_id: int | None, appid: str) -> int | None:
    """The binding by which the account is some WeChat user's of the mini-program `appid`."""
    query = sa.select(WechatBinding.id).where(
        WechatBinding.appid == appid, WechatBinding.account_id == account_id, STANDING
    )
    return db.session.scalar(query)


def link(visitor: Visitor, ip: str | None) -> WechatBinding | None:
    """Bind the WeChat user here as who is known by the same unionid in another mini-program.

    None where nobody is, where it is not clear who, or where the account has another WeChat user
    here: then a number has to vouch for the person.
    """
    is_known = sa.exists().where(_is_known_as(visitor), STANDING)
    if visitor.unionid_hash is None or not db.session.scalar(sa.select(is_known)):
        return None
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    known = _locked(_is_known_as(visitor))
    people = {(one.account_id, one.phone_hash) for one in known}
    if len(people) != 1:
        return None
    [(account_id, phone_hash)] = people
    if binding_of(account_id, visitor.appid) is not None:
        return None
    binding = _new(visitor, account_id, phone_hash)
    visitors.dismiss(visitor)
    _record(binding, "bind_wechat", ip, {"by": "unionid"})
    return binding


def note_unionid(binding_id: int, visitor: Visitor) -> None:
    """The platform tells who the user is in other mini-programs, which it did not so far."""
    noting = sa.update(WechatBinding).where(WechatBinding.id == binding_id)
    db.session.execute(noting.values(unionid_hash=visitor.unionid_hash))


def unbind(account_id: int, ip: str | None) -> None:
    """End the account's bindings, in every mini-program, and the sessions that WeChat opened so.

    Its memberships stay, so that the person finds the same account when binding again.
    """
    _end_all(WechatBinding.account_id == account_id, ip)


def release(account_id: int, present: bytes | None) -> None:
    """The account's own number changed: nobody is in it any longer, by whichever number they came,

    and whoever has been bound by the present one so far binds anew, to come to this account.
    """
    _end_all(
        sa.or_(WechatBinding.account_id == account_id, WechatBinding.phone_hash == present), None
    )


def _end_all(condition: sa.ColumnElement[bool], ip: str | None) -> None:
    for binding in _locked(condition):
        _end(binding, ip)


def _account_of(visitor: Visitor, phone_hash: bytes, *, at: datetime) -> int:
    own = db.session.scalar(sa.select(Account.id).where(Account.phone_hash == phone_hash))
    claims = roster.claims_of(phone_hash)
    if own is None and not claims:
        raise PhoneNotInRoster
    found = own or roster.holder_of(phone_hash, claims, at=at) or _present_account(visitor, at=at)
    if found is None:
        return _open_account(roster.name_in(claims[0]))
    if not db.session.get_one(Account, found).is_enabled:
        raise AccountDisabled
    return found


def _present_account(visitor: Visitor, *, at: datetime) -> int | None:
    return db.session.scalar(
        sa.select(Account.id)
        .join(WechatBinding, WechatBinding.account_id == Account.id)
        .where(
            WechatBinding.appid == visitor.appid,
            WechatBinding.openid_hash == visitor.openid_hash,
            STANDING,
            roster.of_registers_only(at=at),
        )
    )


def _open_account(name: str) -> int:
    """Entered by WeChat only: no password opens it. Its number is the registers', not its own."""
    account = Account(login=f"wx-{secrets.token_hex(LOGIN_BYTES)}", name=name)
    db.session.add(account)
    db.session.flush()
    return account.id


def _touched(visitor: Visitor, account_id: int, phone_hash: bytes) -> Sequence[WechatBinding]:
    """The WeChat user's own bindings, and those that the account or the number had so far."""
    own = WechatBinding.appid == visitor.appid, WechatBinding.openid_hash == visitor.openid_hash
    return _locked(
        sa.or_(
            sa.and_(*own),
            WechatBinding.account_id == account_id,
            WechatBinding.phone_hash == phone_hash,
            _is_known_as(visitor),
        )
    )


def _is_known_as(visitor: Visitor) -> sa.ColumnElement[bool]:
    """Of the same unionid; of nobody where the platform gives none."""
    if visitor.unionid_hash is None:
        return sa.false()
    return WechatBinding.unionid_hash == visitor.unionid_hash


def _is_same(binding: WechatBinding, visitor: Visitor, phone_hash: bytes) -> bool:
    """Whether the binding, to the same account, is of the same person.

    Another mini-program's openid says nothing, nor does another unionid, as operators have their
    own: then the same number has to do.
    """
    if binding.appid == visitor.appid:
        return binding.openid_hash == visitor.openid_hash
    is_linked = visitor.unionid_hash is not None and binding.unionid_hash == visitor.unionid_hash
    return is_linked or binding.phone_hash == phone_hash


def _locked(condition: sa.ColumnElement[bool]) -> Sequence[WechatBinding]:
    """Standing bindings; a log-in by one of them waits, or is waited for."""
    query = sa.select(WechatBinding).where(condition, STANDING).order_by(WechatBinding.id)
    return db.session.scalars(query.with_for_update(key_share=True)).all()


def _end(binding: WechatBinding, ip: str | None) -> None:
    binding.ended_at = clock.real()
    sessions.close_all_of(binding.id)
    db.session.flush()
    _record(binding, "end_wechat_binding", ip, {})


def _withdraw(binding: WechatBinding, *, at: datetime) -> None:
    """What the number vouched for goes with the binding, for the person goes elsewhere."""
    roster.withdraw(binding.phone_hash, Membership.account_id == binding.account_id, at=at)


def _renew(binding: WechatBinding, visitor: Visitor, phone_hash: bytes) -> None:
    """The same person and account: what was consented to goes on counting."""
    binding.phone_hash = phone_hash
    if binding.appid == visitor.appid:
        binding.unionid_hash = visitor.unionid_hash or binding.unionid_hash
    db.session.flush()


def _new(visitor: Visitor, account_id: int, phone_hash: bytes) -> WechatBinding:
    binding = WechatBinding(
        account_id=account_id,
        appid=visitor.appid,
        openid=seal(visitor.openid, "wechat_bindings.openid"),
        openid_hash=visitor.openid_hash,
        phone_hash=phone_hash,
        unionid_hash=visitor.unionid_hash,
        bound_at=clock.real(),
    )
    db.session.add(binding)
    db.session.flush()
    return binding


def _record(binding: WechatBinding, action: str, ip: str | None, facts: dict[str, Any]) -> None:
    record_for_account(binding.account_id, action, f"wechat_binding:{binding.id}", ip, facts)
