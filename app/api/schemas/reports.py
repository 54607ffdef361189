"""报表的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Choice, Day, Flag, Query
from app.domain.indicators import Attribution, GroupBy


class ClosureQuery(Query):
    """办结情况报表的条件."""

    group_by = Choice(GroupBy, load_default=GroupBy.AREA, metadata={"description": "分组"})
    first = Day(required=True, data_key="from", metadata={"description": "开始日期（含）"})
    end = Day(required=True, data_key="to", metadata={"description": "结束日期（不含），最长 3 年"})
    cohort = Flag(
        strict=False,
        load_default=False,
        metadata={
            "description": "false：各指标按各自的归属时间落入时段；true：跟踪时段内受理的那一批诉求"
        },
    )
    as_of = Day(load_default=None, metadata={"description": "统计截至这一天结束时，默认为现在"})


class Definition(Answer):
    """指标的定义."""

    key = fields.String(metadata={"description": "counts 或 indicators 中的名称"})
    name = fields.String(metadata={"description": "中文名称"})
    definition = fields.String(metadata={"description": "口径"})
    pending = fields.String(allow_none=True, metadata={"description": "pending 的口径"})
    attributed_by = Choice(Attribution, metadata={"description": "按哪个时间落入时段"})


class MeasureItem(Answer):
    """比率."""

    numerator = fields.Integer(metadata={"description": "分子"})
    denominator = fields.Integer(metadata={"description": "分母"})
    rate = fields.Float(
        allow_none=True,
        metadata={"description": "0 到 1；分母为 0 时为 null", "minimum": 0, "maximum": 1},
    )
    is_small = fields.Boolean(metadata={"description": "分母小于 10，不排名"})
    pending = fields.Integer(metadata={"description": "尚无结果的数量"})


class ReportLine(Answer):
    """一组的数据."""

    key = fields.String(allow_none=True, metadata={"description": "分组的代码；合计与其余为 null"})
    name = fields.String(metadata={"description": "分组的名称"})
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "计数"}
    )
    indicators = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(MeasureItem),
        metadata={"description": "比率，附分子、分母"},
    )
    tickets = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "按归属时间给出 GET /tickets 的查询参数，列出背后的诉求"},
    )


class ClosureReport(Answer):
    """办结情况报表."""

    group_by = Choice(GroupBy, metadata={"description": "分组"})
    first = fields.Date(data_key="from", metadata={"description": "开始日期（含）"})
    end = fields.Date(data_key="to", metadata={"description": "结束日期（不含）"})
    cohort = fields.Boolean(metadata={"description": "是否跟踪一批诉求"})
    as_of = fields.AwareDateTime(
        metadata={"description": "统计时刻；按期统计可能比现在早至多两分钟"}
    )
    definitions = fields.List(fields.Nested(Definition), metadata={"description": "口径"})
    totals = fields.Nested(ReportLine, metadata={"description": "合计"})
    groups = fields.List(fields.Nested(ReportLine), metadata={"description": "各组，相加即合计"})
