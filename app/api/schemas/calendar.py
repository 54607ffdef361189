"""工作日历的字段."""

from marshmallow import fields

from app.api.schemas.fields import AREA_CODE, Answer, Day, Query, Text

CLOCK = {"pattern": "^[0-2][0-9]:[0-5][0-9]$"}


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class CalendarQuery(Query):
    """要查的日期."""

    first = Day(data_key="from", required=True, metadata=_said("开始日期（含）"))
    last = Day(data_key="to", required=True, metadata=_said("结束日期（含），最多 366 天"))
    area = Text(
        12, 12, pattern=AREA_CODE, load_default=None, metadata=_said("哪个区划；不带则为各地通行的")
    )


class OfficeHours(Answer):
    """一段办公时间."""

    start = fields.String(metadata=_said("开始，HH:MM") | CLOCK)
    end = fields.String(metadata=_said("结束，HH:MM；00:00 指午夜") | CLOCK)


class CalendarDay(Answer):
    """一天."""

    day = fields.Date(metadata=_said("日期"))
    is_workday = fields.Boolean(metadata=_said("是否工作日，含调休上班"))
    is_provisional = fields.Boolean(metadata=_said("该年的放假安排是否尚未公布"))
    office_hours = fields.List(
        fields.Nested(OfficeHours), metadata=_said("当天的办公时间；非工作日为空")
    )


class CalendarDays(Answer):
    """一段日期."""

    calendar_version = fields.Integer(metadata=_said("工作日历版本"))
    office_hours = fields.List(
        fields.Nested(OfficeHours), metadata=_said("通行的办公时间；某地某季另有规定的见逐日")
    )
    items = fields.List(fields.Nested(CalendarDay), metadata=_said("逐日"))
