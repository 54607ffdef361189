"""时限说明的字段."""

from marshmallow import fields

from app.api.schemas.fields import NUMBER, Answer, Choice
from app.domain.limits import Unit
from app.domain.sla_clock import ClockKind, Light
from app.domain.sla_explanation import Until


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class CountedInterval(Answer):
    """一段时间，含起点不含终点."""

    start = fields.AwareDateTime(metadata=_said("起"))
    end = fields.AwareDateTime(metadata=_said("止"))
    minutes = fields.Integer(metadata=_said("分钟数"))


class ExplainedClock(Answer):
    """一个时限是怎样算出来的."""

    kind = Choice(ClockKind, metadata=_said("时限种类"))
    label = fields.String(metadata=_said("时限名称"))
    is_leading = fields.Boolean(metadata=_said("诉求当前显示的就是这个时限"))
    round = fields.Integer(metadata=_said("轮次"))
    organisation_id = fields.Integer(allow_none=True, metadata=_said("单位；单位时限才有"))
    limit_amount = fields.Integer(metadata=_said("时限长度，不含延期"))
    extended_by = fields.Integer(metadata=_said("已同意的延期，单位同时限长度"))
    limit_unit = Choice(Unit, metadata=_said("时限单位；working_ 开头的只在办公时间内计时"))
    started_at = fields.AwareDateTime(metadata=_said("起算事由发生的时间"))
    base_start = fields.AwareDateTime(metadata=_said("实际起算时间（非办公时间顺延到开门）"))
    due_at = fields.AwareDateTime(allow_none=True, metadata=_said("到期时间；暂停时为空"))
    yellow_at = fields.AwareDateTime(allow_none=True, metadata=_said("黄牌时间"))
    stopped_at = fields.AwareDateTime(allow_none=True, metadata=_said("停止时间"))
    light = Choice(Light, metadata=_said("亮灯；已停止的为绿灯"))
    until = Choice(Until, metadata=_said("所列时段止于：due 到期，paused 暂停，stopped 停止"))
    intervals = fields.List(fields.Nested(CountedInterval), metadata=_said("计入的时段"))
    pauses = fields.List(fields.Nested(CountedInterval), metadata=_said("扣除的暂停"))
    total_minutes = fields.Integer(metadata=_said("时限总分钟数"))
    elapsed_minutes = fields.Integer(metadata=_said("已用分钟数"))
    remaining_minutes = fields.Integer(metadata=_said("剩余分钟数；负数为已超期"))
    is_provisional = fields.Boolean(metadata=_said("涉及尚未公布放假安排的年份，可能调整"))
    calendar_version = fields.Integer(metadata=_said("所用工作日历的版本"))
    hours_area = fields.String(
        metadata=_said("按哪个行政区划前缀的办公时间计算；空文本为各地通行的")
    )


class Deadlines(Answer):
    """时限说明."""

    number = fields.String(metadata=_said("编号") | {"pattern": NUMBER})
    at = fields.AwareDateTime(metadata=_said("以何时为准"))
    clocks = fields.List(fields.Nested(ExplainedClock), metadata=_said("各个时限，先起算的在前"))
