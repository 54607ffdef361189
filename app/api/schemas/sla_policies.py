"""时限标准的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, Day, Number, Part, Strict, Text
from app.domain.ladder import Ladder
from app.domain.limits import Unit
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import TicketClass
from services.promises.policies import NewPolicy

AMOUNT_AT_MOST = 100_000
DAYS_AT_MOST = 365
PERCENT_AT_MOST = 99


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _rung(most: int, text: str) -> Number:
    return Number(1, most, load_default=None, allow_none=True, metadata=_said(text))


class LadderBody(Strict):
    """督办阶梯：计时到哪一步提醒谁。不填或 null 的，没有这一级。"""

    nudge_percent = _rung(PERCENT_AT_MOST, "计时到百分之几提示承办人；仅限办结和主办单位的时限")
    remind_percent = _rung(PERCENT_AT_MOST, "计时到百分之几提醒")
    remind_after_days = _rung(
        DAYS_AT_MOST, "开始后几天（自然日）提醒，代替百分比；仅限不亮牌的时限"
    )
    yellow_percent = _rung(PERCENT_AT_MOST, "计时到百分之几亮黄牌")
    order_days = _rung(DAYS_AT_MOST, "超期几个工作日督办；仅限办结和主办单位的时限")
    bulletin_days = _rung(DAYS_AT_MOST, "超期几个工作日列入通报；同上")
    escalation_days = _rung(DAYS_AT_MOST, "超期几个工作日提级；同上")

    @post_load
    def _as_ladder(self, loaded: dict[str, Any], **_: Any) -> Ladder:
        return Ladder(**loaded)


class LadderItem(Answer):
    """督办阶梯；null 为没有这一级。"""

    nudge_percent = fields.Integer(allow_none=True, metadata=_said("计时到百分之几提示承办人"))
    remind_percent = fields.Integer(allow_none=True, metadata=_said("计时到百分之几提醒"))
    remind_after_days = fields.Integer(allow_none=True, metadata=_said("开始后几天（自然日）提醒"))
    yellow_percent = fields.Integer(allow_none=True, metadata=_said("计时到百分之几亮黄牌"))
    order_days = fields.Integer(allow_none=True, metadata=_said("超期几个工作日督办"))
    bulletin_days = fields.Integer(allow_none=True, metadata=_said("超期几个工作日列入通报"))
    escalation_days = fields.Integer(allow_none=True, metadata=_said("超期几个工作日提级"))


class PolicyQuery(PageQuery):
    """时限标准的筛选."""

    ticket_class = Choice(TicketClass, load_default=None, metadata=_said("只列这一类"))


class PolicyBody(Strict):
    """一条新的时限标准."""

    ticket_class = Choice(TicketClass, required=True, metadata=_said("诉求类别"))
    clock = Choice(ClockKind, required=True, metadata=_said("时限种类"))
    amount = Number(
        1,
        AMOUNT_AT_MOST,
        required=True,
        allow_none=True,
        metadata=_said("数量；null 指受理时承诺，只有原来就如此的时限可以"),
    )
    unit = Choice(Unit, required=True, metadata=_said("单位；working_ 开头的只在办公时间内计时"))
    effective_from = Day(required=True, metadata=_said("自何日起提交的诉求适用，最早为明天"))
    extension_days = Number(
        1,
        DAYS_AT_MOST,
        load_default=None,
        allow_none=True,
        metadata=_said("延期合计不超过几个工作日；仅限以工作日计的办结时限"),
    )
    total_days = Number(
        1,
        DAYS_AT_MOST,
        load_default=None,
        allow_none=True,
        metadata=_said("连同延期不超过几个工作日；与上一项都不填的，不得延期"),
    )
    ladder = Part(
        LadderBody,
        load_default=None,
        metadata=_said("督办阶梯，整体替换；不填的，沿用此前有效的标准"),
    )
    reason = Text(5, 500, required=True, metadata=_said("依据和理由，记入审计"))

    @post_load
    def _as_policy(self, loaded: dict[str, Any], **_: Any) -> NewPolicy:
        return NewPolicy(**loaded)


class PolicyItem(Answer):
    """一条时限标准."""

    id = fields.Integer(metadata=_said("编号"))
    ticket_class = Choice(TicketClass, metadata=_said("诉求类别"))
    clock = Choice(ClockKind, metadata=_said("时限种类"))
    clock_label = fields.String(metadata=_said("时限名称"))
    amount = fields.Integer(allow_none=True, metadata=_said("数量；受理时承诺的为 null"))
    unit = Choice(Unit, metadata=_said("单位"))
    effective_from = fields.Date(metadata=_said("自何日起提交的诉求适用"))
    extension_days = fields.Integer(allow_none=True, metadata=_said("延期合计的上限，工作日"))
    total_days = fields.Integer(allow_none=True, metadata=_said("连同延期的上限，工作日"))
    ladder = fields.Nested(LadderItem, metadata=_said("督办阶梯"))
    is_in_force = fields.Boolean(metadata=_said("今天提交的诉求是否适用"))


PolicyPage = page_schema(PolicyItem, "一页时限标准")
