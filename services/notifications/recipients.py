"""收件人: whichever WeChat user the recipient of a message is by now."""

import sqlalchemy as sa

from app.models.delivery import Delivery
from app.models.wechat import WechatBinding


def present_binding() -> sa.ScalarSelect[int]:
    """The standing binding of a delivery's recipient to the same mini-program, if there is one."""
    then, now = sa.orm.aliased(WechatBinding), sa.orm.aliased(WechatBinding)
    return (
        sa.select(now.id)
        .join(then, sa.and_(then.account_id == now.account_id, then.appid == now.appid))
        .where(then.id == Delivery.binding_id, now.ended_at.is_(None))
        .correlate(Delivery)
        .scalar_subquery()
    )
