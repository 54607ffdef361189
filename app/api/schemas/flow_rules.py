"""流转规则的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Day, Number, Strict, Text
from app.domain.rules import MEANINGS, Rule, RuleUnit
from services.promises.rules import NewAmount

AT_MOST = max(meaning.highest for meaning in MEANINGS.values())


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class RuleQuery(PageQuery):
    """流转规则的筛选."""

    name = Choice(Rule, load_default=None, metadata=_said("只列这一规则，连同已经失效的"))


class RuleBody(Strict):
    """一条流转规则的新数值."""

    name = Choice(Rule, required=True, metadata=_said("规则"))
    amount = Number(
        1, AT_MOST, required=True, metadata=_said("数值，单位和范围以列表中该规则所示为准")
    )
    effective_from = Day(required=True, metadata=_said("自何日起提交的诉求适用，最早为明天"))
    reason = Text(5, 500, required=True, metadata=_said("依据和理由，记入审计"))

    @post_load
    def _as_rule(self, loaded: dict[str, Any], **_: Any) -> NewAmount:
        return NewAmount(**loaded)


class RuleItem(Answer):
    """一条流转规则."""

    id = fields.Integer(metadata=_said("编号"))
    name = Choice(Rule, metadata=_said("规则"))
    name_label = fields.String(metadata=_said("规则的含义"))
    amount = fields.Integer(metadata=_said("数值"))
    unit = Choice(RuleUnit, metadata=_said("单位"))
    unit_label = fields.String(metadata=_said("单位的名称"))
    lowest = fields.Integer(metadata=_said("可以设定的最小数值"))
    highest = fields.Integer(metadata=_said("可以设定的最大数值"))
    effective_from = fields.Date(metadata=_said("自何日起提交的诉求适用"))
    is_in_force = fields.Boolean(metadata=_said("今天是否有效"))


RulePage = page_schema(RuleItem, "一页流转规则")
