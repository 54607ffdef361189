"""发布工作日历的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import page_schema
from app.api.schemas.fields import Answer, File, Listed, Number, Part, Strict, Text, Word
from app.domain.calendar_editions import Edition, LocalHours

STATUSES = ("official", "provisional")
DAYS = "日期，如 2027-01-01；或日期段，如 2027-01-01..2027-01-03"
_A_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _time(said: str) -> Text:
    pattern = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"
    return Text(5, 5, required=True, pattern=pattern, metadata=_said(said))


def _day_of_year(said: str, default: str) -> Text:
    pattern = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    return Text(5, 5, load_default=default, pattern=pattern, metadata=_said(said))


def _days(said: str, fewest: int, **options: Any) -> Listed:
    entry = Text(10, 22, pattern=rf"{_A_DAY}(?:\.\.{_A_DAY})?", metadata=_said(DAYS))
    return Listed(entry, fewest, 100, metadata=_said(said), **options)


class PeriodBody(Strict):
    """一段办公时间."""

    start = _time("开始，HH:MM")
    end = _time("结束，HH:MM；一日之终为 24:00")

    @post_load
    def _as_pair(self, loaded: dict[str, str], **_: Any) -> tuple[str, str]:
        return loaded["start"], loaded["end"]


class LocalHoursBody(Strict):
    """一地一季的办公时间."""

    area = Text(
        0,
        12,
        load_default="",
        pattern="(?:[0-9]{2}[0-9A-Z]{0,10})?",
        metadata=_said("行政区划代码的前 2、4、6、9 或 12 位；不填指各地，取前缀最长的一条"),
    )
    first = _day_of_year("自何月何日起（含），MM-DD；可以跨年", "01-01")
    first.data_key = "from"
    last = _day_of_year("至何月何日止（含），MM-DD", "12-31")
    last.data_key = "to"
    periods = Listed(Part(PeriodBody), 1, 6, required=True, metadata=_said("依次的办公时段"))

    @post_load
    def _as_hours(self, loaded: dict[str, Any], **_: Any) -> LocalHours:
        return LocalHours(**loaded)


class EditionBody(Strict):
    """一个新版本：某年的放假安排，或办公时间，或两者."""

    source = Text(5, 200, required=True, metadata=_said("依据，如国务院办公厅通知的名称和文号"))
    year = Number(2000, 2100, metadata=_said("哪一年的放假安排；不带则只改办公时间"))
    holidays = _days("放假的日期，含周末", 0, load_default=())
    workdays = _days("调休上班的周末", 0, load_default=())
    periods = Listed(Part(PeriodBody), 1, 6, metadata=_said("各地通行的办公时段；不带则不变"))
    hours = Listed(
        Part(LocalHoursBody),
        0,
        200,
        metadata=_said("按地区和季节另定的办公时间，整体替换；不带则不变"),
    )

    @post_load
    def _as_edition(self, loaded: dict[str, Any], **_: Any) -> Edition:
        return Edition(**loaded)


class ListUpload(Strict):
    """某年放假安排的工作簿."""

    workbook = File(".xlsx 工作簿，或 .csv 文件；两列：日期、安排（放假或上班）", required=True)
    year = Number(2000, 2100, strict=False, required=True, metadata=_said("哪一年"))
    source = Text(5, 200, required=True, metadata=_said("依据，如国务院办公厅通知的名称和文号"))


class ListedYear(Answer):
    """一年."""

    year = fields.Integer(metadata=_said("年份"))
    status = Word(STATUSES, metadata=_said("official 已公布，provisional 暂按法定日期推算"))
    source = fields.String(allow_none=True, metadata=_said("依据"))
    holidays = fields.List(fields.Date(), metadata=_said("放假的日期"))
    workdays = fields.List(fields.Date(), metadata=_said("调休上班的日期"))


class Period(Answer):
    """一段办公时间."""

    start = fields.String(metadata=_said("开始，HH:MM"))
    end = fields.String(metadata=_said("结束，HH:MM；一日之终为 24:00"))


class LocalHoursShown(Answer):
    """一地一季的办公时间."""

    area = fields.String(metadata=_said("行政区划代码的前缀；空文本指各地"))
    first = fields.String(data_key="from", metadata=_said("自何月何日起（含），MM-DD"))
    last = fields.String(data_key="to", metadata=_said("至何月何日止（含），MM-DD"))
    periods = fields.List(fields.Nested(Period), metadata=_said("依次的办公时段"))


class WorkCalendarItem(Answer):
    """工作日历的一个版本."""

    version = fields.Integer(metadata=_said("版本"))
    published_at = fields.AwareDateTime(metadata=_said("发布时间"))
    source = fields.String(allow_none=True, metadata=_said("这一版的依据；最初载入的没有"))
    official_until = fields.Integer(metadata=_said("已正式公布到哪一年"))
    missing_year = fields.Integer(
        allow_none=True,
        metadata=_said("十二月起，这一版若是最新的而仍缺下一年的正式放假安排，即该年；否则为 null"),
    )


class WorkCalendar(WorkCalendarItem):
    """工作日历的一个版本，连同内容."""

    periods = fields.List(fields.Nested(Period), metadata=_said("各地通行的办公时段"))
    hours = fields.List(
        fields.Nested(LocalHoursShown), metadata=_said("按地区和季节另定的办公时间")
    )
    years = fields.List(fields.Nested(ListedYear), metadata=_said("各年的放假安排"))


WorkCalendarPage = page_schema(WorkCalendarItem, "一页版本")
