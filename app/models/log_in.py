"""登录 made hard to break: passwords of before, failures, second factors, steps in between."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, Sealed


class OldPassword(Model):
    """旧密码: the hash of one that was replaced, so that it is not taken again soon."""

    __tablename__ = "old_passwords"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    password_hash: Mapped[str] = mapped_column(sa.Text)
    replaced_at: Mapped[Instant]


class LoginFailure(Model):
    """登录失败: how often somebody was wrong of late, by account name or by address (real time)."""

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[Instant]


class SecondFactor(Model):
    """第二因素: the shared secret of a code generator (RFC 6238).

    It counts from `confirmed_at` on. `last_step`: the time step of the latest code that was taken.
    """

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[Sealed]
    created_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)


class RecoveryCode(Model):
    """恢复码: stands in for the generator once, for who has lost it. Stored as a keyed hash."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[Hash] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    used_at: Mapped[Instant | None]


class LoginChallenge(Model):
    """登录质询: the password was right, the second factor is still to come."""

    __tablename__ = "login_challenges"

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    ip: Mapped[str | None] = mapped_column(sa.Text)
    expires_at: Mapped[Instant] = mapped_column(index=True)
