"""回访抽样的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Day
from app.domain.vocabulary import TicketClass


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class SampleQuery(PageQuery):
    """回访抽样的筛选."""

    month = Day(load_default=None, metadata=_said("所在月份中的任意一天"))


class SampleItem(Answer):
    """一个抽样层."""

    id = fields.Integer(metadata=_said("抽样层编号"))
    month = fields.Date(metadata=_said("月份的第一天"))
    organisation_id = fields.Integer(
        allow_none=True, metadata=_said("主办单位；未派单而直接答复的为 null")
    )
    organisation_name = fields.String(allow_none=True, metadata=_said("单位名称"))
    area = fields.String(
        allow_none=True, metadata=_said("直接答复的按县区抽取，此为区划前缀；其余为 null")
    )
    ticket_class = Choice(TicketClass, metadata=_said("诉求分级"))
    percent = fields.Integer(metadata=_said("抽取的百分比"))
    minimum = fields.Integer(metadata=_said("先行全部抽取的件数"))
    population = fields.Integer(metadata=_said("已参加抽签的件数"))
    drawn = fields.Integer(metadata=_said("其中抽中的件数"))
    seed = fields.String(allow_none=True, metadata=_said("种子，十六进制；当月未完的为 null"))
    seed_sha256 = fields.String(metadata=_said("种子的 SHA-256，与各件办理记录所载一致"))
    opened_at = fields.AwareDateTime(metadata=_said("第一件参加抽签的时间"))


class SampleDetail(SampleItem):
    """一个抽样层及其抽中的签号."""

    drawn_numbers = fields.List(fields.Integer(), metadata=_said("抽中的签号，从小到大"))
    is_as_drawn = fields.Boolean(metadata=_said("按种子重新抽取，与当时的结果是否全部一致"))


SampleItemPage = page_schema(SampleItem, "新的月份在前")
