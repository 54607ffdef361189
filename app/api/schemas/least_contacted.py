"""久未联系的企业的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Word
from app.domain.register import CATEGORIES


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class LeastContactedQuery(PageQuery):
    """久未联系的企业的筛选."""

    category = Word(CATEGORIES, load_default=None, metadata=_said("主要登记类别"))


class LeastContactedItem(Answer):
    """一家企业和最近一次联系."""

    pairing_id = fields.Integer(metadata=_said("结对编号"))
    enterprise_id = fields.Integer(metadata=_said("企业编号"))
    enterprise_name = fields.String(metadata=_said("企业名称"))
    primary_category = Word(CATEGORIES, metadata=_said("主要登记类别"))
    housekeeper_id = fields.Integer(metadata=_said("管家编号"))
    housekeeper_name = fields.String(metadata=_said("管家姓名"))
    started_at = fields.AwareDateTime(metadata=_said("何时开始由该管家对接"))
    last_contact_on = fields.Date(
        allow_none=True,
        metadata=_said("管家或副管家最近一次与企业联系是哪天，含前任；从未联系过则为空"),
    )


LeastContactedPage = page_schema(LeastContactedItem, "从未联系过的在前，其次联系最早的")
