"""登录会话: opaque tokens, hashed at rest."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, one_of


class LoginSession(Model):
    """登录会话. Ends by log-out, by idleness or at its absolute limit (all in real time).

    One that WeChat opened hangs on the binding by which the person came, and ends with it.
    `client`: kind of browser and system. `authenticated_at`: when the person last proved who it is.
    """

    __tablename__ = "login_sessions"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    binding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wechat_bindings.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    refresh_hash: Mapped[Hash] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    token_expires_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    ip: Mapped[str | None] = mapped_column(sa.Text)
    client: Mapped[str | None] = mapped_column(sa.Text)
    authenticated_at: Mapped[Instant | None]

    __table_args__ = (one_of("kind", ("staff", "phone")),)
