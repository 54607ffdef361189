"""How long is kept what comes from the platforms, and what is counted for them."""

from datetime import timedelta

from app.models.push import WechatPush
from app.models.wechat import WechatVisitor
from app.models.wecom import WecomSend
from services.expiry.kept import Kept

SHORT_OF_PLATFORMS: tuple[Kept, ...] = (
    Kept(WechatVisitor, WechatVisitor.expires_at, timedelta(0)),
    # The longest limit is that of a day.
    Kept(WecomSend, WecomSend.at, timedelta(days=2)),
)

LONG_OF_PLATFORMS: tuple[Kept, ...] = (
    Kept(
        # As long as it takes to find out what went wrong; it is read no more once it is done.
        WechatPush,
        WechatPush.worked_at,
        timedelta(days=7),
        only=WechatPush.state == "done",
        what="办完的微信推送",
    ),
    Kept(
        WechatPush,
        WechatPush.worked_at,
        timedelta(days=90),
        only=WechatPush.state == "failed",
        what="没有办成的微信推送",
    ),
)
