"""接口调用凭据: the platform's access token, one for all processes, and a new AppSecret; sealed.

Each use is a transaction of its own: undoing a request must not lose the token, and an open
transaction must not hold the row.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import db, separate_transaction
from app.domain.actor import Actor
from app.models.wechat import WechatSecret, WechatToken
from app.sealing import Unsealable, seal, unseal
from services import audit

TOKENS = "wechat_tokens.token"
SECRETS = "wechat_secrets.secret"
MARGIN = timedelta(minutes=5)
"""The platform makes a new token five minutes before the old one ends; both are good that long."""

SHORTEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class StoredCredentials:
    """The credentials of one application, as a store for its gateway. All in real time.

    `appid` names it: a mini-program by its AppID, one in WeCom by its corporation and number.
    """

    appid: str

    def read(self) -> str | None:
        """The token while it may be used; None when there is none, or the keys have changed."""
        living = sa.select(WechatToken.token).where(
            WechatToken.appid == self.appid, WechatToken.expires_at > clock.real()
        )
        with separate_transaction() as session:
            sealed = session.scalar(living)
        return _opened(sealed, TOKENS)

    def keep(self, token: str, expires_in: int) -> None:
        """Put a new token, to be used until five minutes before its end (`expires_in` seconds)."""
        now = clock.real()
        row = {
            "token": seal(token, TOKENS),
            "fetched_at": now,
            "expires_at": now + max(timedelta(seconds=expires_in) - MARGIN, SHORTEST),
        }
        put = insert(WechatToken).values(appid=self.appid, **row)
        with separate_transaction() as session:
            session.execute(put.on_conflict_do_update(index_elements=["appid"], set_=row))

    def drop(self, token: str) -> None:
        """Take `token` away, unless another process has put another one in its place."""
        mine = WechatToken.appid == self.appid
        with separate_transaction() as session:
            sealed = session.scalar(sa.select(WechatToken.token).where(mine).with_for_update())
            if _opened(sealed, TOKENS) == token:
                session.execute(sa.delete(WechatToken).where(mine))

    def newest_secret(self) -> str | None:
        """The secret that was set in the place of the configured one, if any."""
        own = sa.select(WechatSecret.secret).where(WechatSecret.appid == self.appid)
        with separate_transaction() as session:
            sealed = session.scalar(own)
        return _opened(sealed, SECRETS)


def set_secret(actor: Actor, appid: str, secret: str) -> None:
    """From now on every process tries `secret` when the platform knows its own no more; audited.

    The caller has made sure that the platform knows it.
    """
    row = {"secret": seal(secret, SECRETS), "set_at": clock.real()}
    put = insert(WechatSecret).values(appid=appid, **row)
    db.session.execute(put.on_conflict_do_update(index_elements=["appid"], set_=row))
    audit.record(actor, "set_wechat_secret", f"wechat:{appid}")


def _opened(sealed: bytes | None, column: str) -> str | None:
    try:
        return unseal(sealed, column) if sealed else None
    except Unsealable:
        return None
