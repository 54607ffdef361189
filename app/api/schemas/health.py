"""运行状态的字段."""

from marshmallow import Schema, fields


class Alive(Schema):
    """进程状态."""

    status = fields.String(metadata={"description": "固定为 ok"})


class Ready(Schema):
    """能否提供服务."""

    status = fields.String(metadata={"description": "ok 或 unavailable"})
    database = fields.Boolean(metadata={"description": "数据库能否访问"})
    migrations = fields.Boolean(metadata={"description": "数据库版本是否最新"})
    scheduler = fields.Boolean(metadata={"description": "两分钟内定时任务是否运行过"})
