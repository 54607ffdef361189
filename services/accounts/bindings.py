"""绑定了什么: by which channels an account can be told besides the inbox."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.models.wechat import WechatBinding
from app.models.wecom import WecomBinding


@dataclass(frozen=True, slots=True)
class Bindings:
    """Whether an account is some WeChat user's of a mini-program, and some member's in WeCom."""

    is_wechat_bound: bool
    is_wecom_bound: bool


def bindings_of(account_id: int | None, appid: str) -> Bindings:
    """What the account is bound to, in one statement; `appid` is the mini-program's."""
    user = sa.exists().where(
        WechatBinding.appid == appid,
        WechatBinding.account_id == account_id,
        WechatBinding.ended_at.is_(None),
    )
    member = sa.exists().where(
        WecomBinding.account_id == account_id, WecomBinding.ended_at.is_(None)
    )
    return Bindings(*db.session.execute(sa.select(user, member)).one())
