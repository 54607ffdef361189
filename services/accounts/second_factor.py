"""第二因素: a code generator on the phone (RFC 6238), and recovery codes for who has lost it."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
import sqlalchemy as sa

from app.db import db
from app.domain.errors import Conflict, FieldError, InvalidInput, Unauthenticated
from app.domain.lockout import of_account
from app.domain.one_time_codes import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_LETTERS,
    is_of_generator,
    shown,
    steps_near,
    typed,
)
from app.models.log_in import RecoveryCode, SecondFactor
from app.sealing import fingerprint, seal, unseal
from services.accounts import lockout

ISSUER = "企业管家"
COLUMN = "second_factors.secret"


class WrongCode(Unauthenticated):
    """验证码不正确、已过期或已经用过。"""

    code = "wrong-code"


class AlreadyOn(Conflict):
    """第二因素已经启用；要换一台手机，请先停用。"""

    code = "second-factor-on"


class NotBegun(Conflict):
    """没有待确认的第二因素，请先开始设置。"""

    code = "second-factor-not-begun"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the phone needs to know, told once: the secret, and as an address for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """Since when there is a second factor, and how many recovery codes are left."""

    since: datetime | None
    recovery_codes_left: int


def is_on(account_id: int) -> bool:
    """Whether the account has a second factor that counts."""
    return _since(account_id) is not None


def state_of(account_id: int) -> State:
    """What the person is shown of it."""
    left = sa.select(sa.func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return State(_since(account_id), db.session.execute(left).scalar_one())


def begin(account_id: int, login: str, *, at: datetime) -> Enrolment:
    """A new secret, which counts once it is confirmed. Raises `AlreadyOn`."""
    present = _locked(account_id)
    if present is not None and present.confirmed_at is not None:
        raise AlreadyOn
    secret = pyotp.random_base32()
    kept = present or SecondFactor(account_id=account_id)
    kept.secret, kept.created_at = seal(secret, COLUMN), at
    db.session.add(kept)
    db.session.flush()
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))


def confirm(account_id: int, code: str, failures: int, *, at: datetime) -> list[str]:
    """The generator shows the right code: from now on it counts. Answers the recovery codes, once.

    Raises `NotBegun`, `InvalidInput` at /code, `TooManyRequests`.
    """
    key = lockout.code_key(account_id)
    lockout.count(key, of_account(failures), at=at)
    factor = _locked(account_id)
    if factor is None or factor.confirmed_at is not None:
        raise NotBegun
    step = _step_of(factor, typed(code), at)
    if step is None:
        raise InvalidInput([FieldError("/code", WrongCode.code, WrongCode.__doc__ or "")])
    factor.confirmed_at, factor.last_step = at, step
    lockout.forgive(key)
    return renew_recovery_codes(account_id)


def renew_recovery_codes(account_id: int) -> list[str]:
    """Ten new ones in place of all before; they are stored as keyed hashes."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    drawn = [
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    db.session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_hash_of(account_id, code)) for code in drawn
    )
    db.session.flush()
    return [shown(code) for code in drawn]


def remove(account_id: int) -> bool:
    """The account has no second factor any longer; whether it had one."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = sa.delete(SecondFactor).where(SecondFactor.account_id == account_id)
    return bool(db.session.execute(gone.returning(SecondFactor.account_id)).all())


def prove(account_id: int, code: str, failures: int, *, at: datetime) -> str:
    """Take a code of the generator or a recovery code, each once; answers which it was.

    Raises `WrongCode`; `TooManyRequests` after too many wrong ones.
    """
    key = lockout.code_key(account_id)
    lockout.count(key, of_account(failures), at=at)
    meant = typed(code)
    if is_of_generator(meant):
        way, is_good = "code", _take_code(account_id, meant, at)
    else:
        way, is_good = "recovery_code", _take_recovery_code(account_id, meant, at)
    if not is_good:
        raise WrongCode
    lockout.forgive(key)
    return way


def _take_code(account_id: int, code: str, at: datetime) -> bool:
    """Under a lock, so that of two who send the same code at once one is late."""
    factor = _locked(account_id)
    if factor is None or factor.confirmed_at is None:
        return False
    step = _step_of(factor, code, at)
    if step is None:
        return False
    factor.last_step = step
    db.session.flush()
    return True


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int | None:
    """The time step whose code this is; None too for one that is not after the last one taken."""
    generator = pyotp.HOTP(unseal(factor.secret, COLUMN))
    last = -1 if factor.last_step is None else factor.last_step
    return next(
        (
            step
            for step in steps_near(at=at)
            if step > last and hmac.compare_digest(generator.at(step).encode(), code.encode())
        ),
        None,
    )


def _take_recovery_code(account_id: int, code: str, at: datetime) -> bool:
    taken = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _hash_of(account_id, code),
            RecoveryCode.account_id == account_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(db.session.execute(taken.returning(RecoveryCode.account_id)).all())


def _hash_of(account_id: int, code: str) -> bytes:
    return fingerprint(f"recovery:{account_id}:{code}")


def _since(account_id: int) -> datetime | None:
    query = sa.select(SecondFactor.confirmed_at).where(SecondFactor.account_id == account_id)
    return db.session.scalar(query)


def _locked(account_id: int) -> SecondFactor | None:
    query = sa.select(SecondFactor).where(SecondFactor.account_id == account_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
