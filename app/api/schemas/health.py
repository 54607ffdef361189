"""运行状态的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Word


class Alive(Answer):
    """进程状态."""

    status = Word(("ok",), metadata={"description": "固定为 ok"})


class Ready(Answer):
    """能否提供服务. Without a database, or before it is migrated, nothing else is known."""

    sometimes = frozenset(
        {"migrations", "scheduler", "workers", "heartbeats", "paused_jobs"}
        | {"oldest_due_seconds", "oldest_warning_seconds", "wechat", "wecom"}
    )

    status = Word(("ok", "unavailable"), metadata={"description": "ok 或 unavailable"})
    database = fields.Boolean(metadata={"description": "数据库能否访问"})
    migrations = fields.Boolean(metadata={"description": "数据库版本是否最新"})
    scheduler = fields.Boolean(metadata={"description": "两分钟内定时任务是否运行过"})
    workers = fields.Integer(metadata={"description": "一分钟内报到过的后台进程数"})
    heartbeats = fields.List(
        fields.Integer(),
        metadata={
            "description": "各后台进程最近一次报到距今多少秒，久的在前；正常结束的不在其中，"
            "失去联系的一天后清除"
        },
    )
    paused_jobs = fields.List(fields.String(), metadata={"description": "被人暂停的定时任务的名称"})
    oldest_due_seconds = fields.Integer(
        metadata={"description": "到点而未发出的手机消息中，最早的一条已等待多少秒；没有则为 0"}
    )
    oldest_warning_seconds = fields.Integer(
        metadata={"description": "到点而未发出的提醒和牌中，最早的一项已等待多少秒；没有则为 0"}
    )
    wechat = Word(
        ("off", "ok", "unavailable"),
        metadata={"description": "微信：off 未启用，ok 正常，unavailable 接口被拒，暂停调用"},
    )
    wecom = Word(
        ("off", "ok", "unavailable"),
        metadata={"description": "企业微信：off 未启用，ok 正常，unavailable 接口被拒，暂停调用"},
    )
