"""收下推送: one statement, for the platform waits five seconds and tells everything three times."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.push import WechatPush
from app.sealing import fingerprint, seal
from services.gateways.wechat_push import Push

CONTENT = "wechat_pushes.content"


def keep(appid: str, push: Push, *, at: datetime) -> bool:
    """Put the push down to be worked; False when the same one is known. `at` is real time.

    A signed request that is played back holds what was signed, so it is the same push.
    """
    keeping = insert(WechatPush).values(
        appid=appid,
        identity=fingerprint(f"{appid} {push.identity}"),
        event=push.event,
        content=seal(push.content, CONTENT),
        received_at=at,
        next_at=at,
    )
    kept = keeping.on_conflict_do_nothing(index_elements=[WechatPush.identity])
    return db.session.scalar(kept.returning(WechatPush.id)) is not None
