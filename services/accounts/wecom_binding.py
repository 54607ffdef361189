"""企业微信绑定: which member in WeCom an official is, by the code that a page there is given."""

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES
from app.models.wecom import WecomBinding
from app.sealing import fingerprint, seal
from services.accounts import rate_limits
from services.accounts.login import WINDOW
from services.accounts.principals import Principal
from services.accounts.terms import Terms
from services.accounts.wechat_codes import at_most_once
from services.accounts.wecom_refusals import (
    BoundAlready,
    MemberTaken,
    NotAMember,
    OfficialsOnly,
    WeComCodeRefused,
    WeComOff,
    refusal,
)
from services.audit import record_for_account
from services.gateways.wecom import WeCom
from services.gateways.wecom_errors import WeComError

ONE_AT_A_TIME = 0x77656362
"""Key of the lock under which members are bound: rare and short, and one must not become two."""

USERID_COLUMN = "wecom_bindings.userid"
STANDING = WecomBinding.ended_at.is_(None)


def bind(principal: Principal, wecom: WeCom | None, code: str, terms: Terms) -> WecomBinding:
    """Bind the account to the member whom the code stands for; the same member again is fine.

    WeCom is asked while no transaction is open. Raises `OfficialsOnly`, `TooManyRequests` and the
    rest of `wecom_refusals`.
    """
    if all(one.role in ENTERPRISE_ROLES for one in principal.memberships):
        raise OfficialsOnly
    if wecom is None:
        raise WeComOff
    account_id = principal.account_id
    rate_limits.count(f"wecom:{account_id}", terms.attempts, WINDOW, at=clock.real())
    userid = _identify(wecom, code)
    if userid is None:
        raise NotAMember
    return _bound(account_id, wecom.corp_id, userid, terms.ip)


def unbind(account_id: int, ip: str | None) -> None:
    """End the account's binding, if there is one."""
    for binding in _locked(WecomBinding.account_id == account_id):
        _end(binding, ip)


def forget(account_id: int) -> None:
    """Leave nothing of who the account was in WeCom, now and before."""
    nobody = fingerprint(f"closed:{account_id}")
    blank = {"userid": seal("", USERID_COLUMN), "userid_hash": nobody}
    of_account = WecomBinding.account_id == account_id
    db.session.execute(sa.update(WecomBinding).where(of_account).values(blank))


def _identify(wecom: WeCom, code: str) -> str | None:
    try:
        return at_most_once(code, wecom.identify, WeComCodeRefused)
    except WeComError as error:
        raise refusal(error) from None


def _bound(account_id: int, corp_id: str, userid: str, ip: str | None) -> WecomBinding:
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    userid_hash = fingerprint(userid)
    is_member = sa.and_(WecomBinding.corp_id == corp_id, WecomBinding.userid_hash == userid_hash)
    for binding in _locked(sa.or_(WecomBinding.account_id == account_id, is_member)):
        if binding.account_id != account_id:
            raise MemberTaken
        if binding.corp_id == corp_id:
            if binding.userid_hash != userid_hash:
                raise BoundAlready
            return binding
        # Of a corporation whose application is no longer ours.
        _end(binding, ip)
    made = WecomBinding(
        account_id=account_id,
        corp_id=corp_id,
        userid=seal(userid, USERID_COLUMN),
        userid_hash=userid_hash,
        bound_at=clock.real(),
    )
    db.session.add(made)
    db.session.flush()
    _record(made, "bind_wecom", ip)
    return made


def _locked(condition: sa.ColumnElement[bool]) -> list[WecomBinding]:
    query = sa.select(WecomBinding).where(condition, STANDING).order_by(WecomBinding.id)
    return list(db.session.scalars(query.with_for_update(key_share=True)))


def _end(binding: WecomBinding, ip: str | None) -> None:
    binding.ended_at = clock.real()
    db.session.flush()
    _record(binding, "end_wecom_binding", ip)


def _record(binding: WecomBinding, action: str, ip: str | None) -> None:
    facts: dict[str, Any] = {}
    record_for_account(binding.account_id, action, f"wecom_binding:{binding.id}", ip, facts)
