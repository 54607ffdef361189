"""接口调用凭据: the platform's access token, one for all processes, sealed, in real time.

Each use is a transaction of its own: undoing a request must not lose the token, and an open
transaction must not hold the row.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.db import separate_transaction
from app.models.wechat import WechatToken
from app.sealing import Unsealable, seal, unseal

COLUMN = "wechat_tokens.token"
MARGIN = timedelta(minutes=5)
"""The platform makes a new token five minutes before the old one ends; both are good that long."""

SHORTEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class StoredToken:
    """The token of one mini-program, as a store for the gateway."""

    appid: str

    def read(self) -> str | None:
        """The token while it may be used; None when there is none, or the keys have changed."""
        living = sa.select(WechatToken.token).where(
            WechatToken.appid == self.appid, WechatToken.expires_at > clock.real()
        )
        with separate_transaction() as session:
            sealed = session.scalar(living)
        return _opened(sealed)

    def keep(self, token: str, expires_in: int) -> None:
        """Put a new token, to be used until five minutes before its end (`expires_in` seconds)."""
        now = clock.real()
        row = {
            "token": seal(token, COLUMN),
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
            if _opened(sealed) == token:
                session.execute(sa.delete(WechatToken).where(mine))


def _opened(sealed: bytes | None) -> str | None:
    try:
        return unseal(sealed, COLUMN) if sealed else None
    except Unsealable:
        return None
