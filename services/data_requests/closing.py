"""注销: a person leaves for good. Tickets stay, and tell no more whose they were.

Source: the personal information protection law, articles 47 and 50: what may not be deleted yet is
only stored, and the person is told why.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import Conflict, FieldError, InvalidInput, NotHandedOver
from app.domain.vocabulary import FINAL
from app.models.account import GONE, Account, Membership
from app.models.log_in import OldPassword
from app.models.ticket import Ticket
from app.models.ticket_draft import TicketDraft
from app.models.wechat import WechatBinding
from app.sealing import fingerprint, seal
from services import audit
from services.accounts import second_factor, wecom_binding
from services.accounts.remains import demand_nothing_left
from services.accounts.stored import end_sessions, is_in_force, lock_account
from services.accounts.wechat_binding import unbind
from services.visibility.holds import is_everything_held, is_held, keep_holds_as_they_are

OPENID_COLUMN = "wechat_bindings.openid"


class ClosingRefused(Conflict):
    """现在不能注销。"""

    code = "closing-refused"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"{type(self).__doc__}{'；'.join(reasons)}。")


def close_own(actor: Actor, login: str, *, at: datetime) -> None:
    """Close the actor's own account; `login` typed anew confirms it.

    Raises `InvalidInput`, `ClosingRefused`.
    """
    account = lock_account(actor.account_id or 0)
    if account.login != login:
        detail = "与本人的登录名不符。"
        raise InvalidInput([FieldError("/login", "not-own-login", detail)], detail)
    close(actor, account.id, at=at)


def close(actor: Actor, account_id: int, *, at: datetime) -> None:
    """Replace the person's name, end all ways in, and forget number, password, factors and drafts.

    Raises `NotFound`, `ClosingRefused`.
    """
    keep_holds_as_they_are()
    account = lock_account(account_id)
    if reasons := reasons_against(account_id, at=at):
        raise ClosingRefused(reasons)
    audit.record(actor, "close_account", f"account:{account_id}")
    unbind(account_id, actor.ip)
    wecom_binding.unbind(account_id, actor.ip)
    end_sessions(account_id)
    _end_memberships(account_id, at)
    _forget_ways_in(account_id)
    account.login, account.name = f"closed-{account_id}", GONE
    account.password_hash = account.phone = account.phone_hash = None
    account.is_enabled, account.closed_at = False, at
    db.session.flush()


def reasons_against(account_id: int, *, at: datetime) -> list[str]:
    """Why the account cannot be closed at `at`; [] when nothing stands in the way."""
    query = sa.select(Membership).where(
        Membership.account_id == account_id, is_in_force(Membership, at=at)
    )
    held = list(db.session.scalars(query.order_by(Membership.id)))
    reasons = [*_last_admin(held, at), *_open_tickets(account_id)]
    try:
        demand_nothing_left(held, None, at=at)
    except NotHandedOver as left:
        reasons.append(left.detail.rstrip("。"))
    if _is_kept(account_id, held):
        reasons.append("依法保全，目前只存储、不作他用")
    return reasons


def _last_admin(held: Sequence[Membership], at: datetime) -> list[str]:
    reasons = []
    for one in held:
        others = sa.exists().where(
            Membership.enterprise_id == one.enterprise_id,
            Membership.role == Role.ENTERPRISE_ADMIN,
            Membership.account_id != one.account_id,
            Membership.account_id == Account.id,
            Account.is_enabled,
            is_in_force(Membership, at=at),
        )
        if one.role == Role.ENTERPRISE_ADMIN and not db.session.scalar(sa.select(others)):
            reasons.append("是所在企业唯一的管理员，请先由他人接任")
    return reasons


def _open_tickets(account_id: int) -> list[str]:
    open_ones = Ticket.submitted_by == account_id, Ticket.status.not_in(FINAL)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Ticket).where(*open_ones))
    return [f"提交的诉求还有 {count} 件没有办结"] if count else []


def _is_kept(account_id: int, held: Sequence[Membership]) -> bool:
    enterprises = [one.enterprise_id for one in held if one.enterprise_id is not None]
    own_ticket = sa.exists().where(
        Ticket.submitted_by == account_id,
        sa.or_(is_held("ticket", Ticket.id), is_held("enterprise", Ticket.enterprise_id)),
    )
    kept = [is_everything_held(), is_held("account", account_id), own_ticket]
    kept += [is_held("enterprise", enterprise_id) for enterprise_id in enterprises]
    return bool(db.session.scalar(sa.select(sa.or_(*kept))))


def _end_memberships(account_id: int, at: datetime) -> None:
    own = Membership.account_id == account_id
    open_ones = sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at)
    db.session.execute(
        sa.update(Membership)
        .where(own, open_ones)
        .values(valid_until=sa.func.greatest(at, Membership.valid_from), end_reason="注销账号")
    )
    db.session.execute(sa.update(Membership).where(own).values(phone_hash=None))


def _forget_ways_in(account_id: int) -> None:
    second_factor.remove(account_id)
    wecom_binding.forget(account_id)
    db.session.execute(sa.delete(OldPassword).where(OldPassword.account_id == account_id))
    db.session.execute(sa.delete(TicketDraft).where(TicketDraft.account_id == account_id))
    nobody = fingerprint(f"closed:{account_id}")
    blank = {"openid_hash": nobody, "phone_hash": nobody, "unionid_hash": None}
    db.session.execute(
        sa.update(WechatBinding)
        .where(WechatBinding.account_id == account_id)
        .values(openid=seal("", OPENID_COLUMN), **blank)
    )
