"""新密码: the one way by which an account gets a password, whoever sets it."""

from functools import cache
from importlib import resources

import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import FieldError, InvalidInput
from app.domain.password_rules import REMEMBERED, USED_BEFORE, Fault, faults
from app.models.account import Account
from app.models.log_in import OldPassword
from app.sealing import unseal
from services.accounts.passwords import hashed, is_right


def give(account: Account, password: str, pointer: str = "/password") -> None:
    """Give the account `password` in place of the one it has, which is remembered.

    Raises `InvalidInput` at `pointer` with every rule that is broken. Ends no session.
    """
    broken = faults(password, _person(account), _common())
    if not broken and _was_used(account, password):
        broken = [USED_BEFORE]
    if broken:
        raise _refusal(broken, pointer)
    if account.password_hash:
        _remember(account.id, account.password_hash)
    account.password_hash = hashed(password)
    db.session.flush()


def _person(account: Account) -> list[str]:
    phone = unseal(account.phone, "accounts.phone") if account.phone else ""
    return [known for known in (account.login, account.name, phone) if known]


@cache
def _common() -> frozenset[str]:
    listed = resources.files("services.accounts").joinpath("common_passwords.txt")
    lines = listed.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _was_used(account: Account, password: str) -> bool:
    before = db.session.scalars(
        sa.select(OldPassword.password_hash)
        .where(OldPassword.account_id == account.id)
        .order_by(OldPassword.id.desc())
        .limit(REMEMBERED - 1)
    )
    return any(is_right(password, each) for each in (account.password_hash, *before) if each)


def _remember(account_id: int, password_hash: str) -> None:
    """Of the older ones no more is kept than the rule asks for."""
    replaced = OldPassword(
        account_id=account_id, password_hash=password_hash, replaced_at=clock.real()
    )
    db.session.add(replaced)
    db.session.flush()
    kept = (
        sa.select(OldPassword.id)
        .where(OldPassword.account_id == account_id)
        .order_by(OldPassword.id.desc())
        .limit(REMEMBERED)
    )
    db.session.execute(
        sa.delete(OldPassword).where(
            OldPassword.account_id == account_id, OldPassword.id.not_in(kept)
        )
    )


def _refusal(broken: list[Fault], pointer: str) -> InvalidInput:
    found = [FieldError(pointer, fault.code, fault.detail) for fault in broken]
    return InvalidInput(found, "".join(fault.detail for fault in broken))
