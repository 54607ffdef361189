"""定时任务的字段."""

from marshmallow import fields

from app.api.paging import page_schema
from app.api.schemas.fields import Answer, Instant, Strict, Text, Word
from app.models.operation import RUN_STATES

STATES = "running 进行中，done 完成，failed 出错或未做完，lost 后台进程失去联系"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class JobReason(Strict):
    """对定时任务所做的事及其理由."""

    reason = Text(2, 500, required=True, metadata=_said("理由，记入审计"))


class PauseBody(JobReason):
    """暂停定时任务."""

    until = Instant(
        load_default=None,
        metadata=_said("最迟何时自行恢复；不带则一天后。最多 pause_at_most_days 天"),
    )


class JobRunItem(Answer):
    """定时任务的一次运行."""

    id = fields.Integer(metadata=_said("运行编号"))
    slot = fields.AwareDateTime(metadata=_said("所属时段的起点（业务时间）"))
    state = Word(RUN_STATES, metadata=_said(STATES))
    host = fields.String(metadata=_said("运行的后台进程，主机名:进程号"))
    started_at = fields.AwareDateTime(metadata=_said("开始时间"))
    finished_at = fields.AwareDateTime(
        allow_none=True, metadata=_said("结束时间，或认定失去联系的时间；进行中为 null")
    )
    seconds = fields.Float(allow_none=True, metadata=_said("用时，秒；进行中为 null"))
    items = fields.Integer(metadata=_said("办理了多少项"))
    failures = fields.Integer(metadata=_said("其中多少项出错"))
    detail = fields.String(allow_none=True, metadata=_said("出错的项和错误种类；没有则为 null"))
    taken_from = fields.String(
        allow_none=True, metadata=_said("本次补做的是哪个后台进程没有做完的；不是补做则为 null")
    )
    asked_by = fields.String(allow_none=True, metadata=_said("谁要求的；按时自行运行的为 null"))
    reason = fields.String(allow_none=True, metadata=_said("要求运行的理由"))


class JobPauseItem(Answer):
    """暂停."""

    paused_by = fields.String(metadata=_said("谁暂停的"))
    paused_at = fields.AwareDateTime(metadata=_said("何时暂停"))
    paused_until = fields.AwareDateTime(metadata=_said("最迟何时自行恢复"))
    reason = fields.String(metadata=_said("理由"))


class JobWish(Answer):
    """等待中的运行要求."""

    asked_by = fields.String(metadata=_said("谁要求的"))
    asked_at = fields.AwareDateTime(metadata=_said("何时要求"))
    reason = fields.String(metadata=_said("理由"))


class JobItem(Answer):
    """定时任务."""

    name = fields.String(metadata=_said("名称，用于地址和日志"))
    title = fields.String(metadata=_said("中文名称"))
    purpose = fields.String(metadata=_said("做什么"))
    every_seconds = fields.Integer(metadata=_said("多久查看一次，秒；不是每日任务时即为周期"))
    daily_time = fields.String(
        allow_none=True, metadata=_said("每日任务从几点起运行，如 02:30；按周期的为 null")
    )
    pause_at_most_days = fields.Integer(metadata=_said("一次最多暂停几天"))
    last_run = fields.Nested(JobRunItem, allow_none=True, metadata=_said("最近一次运行"))
    last_success_at = fields.AwareDateTime(
        allow_none=True, metadata=_said("最近一次完成的时间；近七天没有则为 null")
    )
    is_overdue = fields.Boolean(
        metadata=_said("该运行而没有做完：错过三次查看且超过两分钟；暂停中和进行中的不算")
    )
    pause = fields.Nested(JobPauseItem, allow_none=True, metadata=_said("暂停；没有则为 null"))
    wish = fields.Nested(
        JobWish, allow_none=True, metadata=_said("等待中的运行要求；没有则为 null")
    )


class JobList(Answer):
    """全部定时任务."""

    items = fields.List(fields.Nested(JobItem), metadata=_said("按任务表的顺序"))


JobRunPage = page_schema(JobRunItem, "新的在前")
