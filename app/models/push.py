"""消息推送: what WeChat told us by itself, from its arrival until it has been worked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant, Sealed, one_of

PUSH_STATES = ("waiting", "done", "failed")
RESULTS = ("told", "nobody", "unused", "drafted", "queued")


class WechatPush(Model):
    """微信推送 as it was opened; `content` names people, so it is sealed.

    `identity` is the same for the same event, however often it is told. It waits until `next_at`,
    and a try that breaks off leaves its `fault`. The `result`: it told us something, was about
    nobody or nothing of ours, is of no use, became a draft, or waits for an operator.
    """

    __tablename__ = "wechat_pushes"

    id: Mapped[Id]
    appid: Mapped[str] = mapped_column(sa.Text)
    identity: Mapped[Hash] = mapped_column(unique=True)
    event: Mapped[str] = mapped_column(sa.Text)
    content: Mapped[Sealed]
    received_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default="waiting")
    tries: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    next_at: Mapped[Instant]
    fault: Mapped[str | None] = mapped_column(sa.Text)
    result: Mapped[str | None] = mapped_column(sa.Text)
    worked_at: Mapped[datetime | None] = mapped_column(sa.TIMESTAMP(timezone=True))

    __table_args__ = (
        one_of("state", PUSH_STATES),
        one_of("result", RESULTS),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="done_with_result"),
        sa.CheckConstraint("(state = 'waiting') = (worked_at IS NULL)", name="worked"),
        sa.Index(
            "ix_wechat_pushes_waiting",
            "id",
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(
            "ix_wechat_pushes_failed",
            "id",
            postgresql_where=sa.text("state = 'failed'"),
        ),
    )
