"""第四至六步 反馈、回访、评价: the fields of their actions."""

from app.api.schemas.actions.body import ActionBody, note, said
from app.api.schemas.fields import Choice, Flag, Listed, Number, Text
from app.domain.facts import aftercare as facts
from app.domain.vocabulary import (
    RevisitOutcome,
)


class ReceiptBody(ActionBody):
    """反馈送达."""

    makes = facts.Receipt

    note = note("电话告知情况，由座席填写")


class RevisitBody(ActionBody):
    """回访."""

    makes = facts.RevisitCall

    is_reached = Flag(required=True, metadata=said("是否接通"))
    outcome = Choice(
        RevisitOutcome, metadata=said("是否解决，接通时必填：已解决（solved）或未解决（unsolved）")
    )
    was_contacted = Flag(metadata=said("办理中是否联系过企业"))
    is_reply_true = Flag(metadata=said("单位的答复是否属实"))
    is_clear = Flag(metadata=said("答复是否清楚"))
    satisfaction = Number(1, 5, metadata=said("口头满意度，只作参考，不计入评价"))
    note = note("备注")


class RatingBody(ActionBody):
    """评价."""

    makes = facts.Rating

    level = Number(
        1,
        5,
        required=True,
        metadata=said("等级：5 非常满意、4 满意、3 基本满意、2 不满意、1 非常不满意"),
    )
    reasons = Listed(Text(2, 30), 0, 10, metadata=said("不满意的原因"))
    comment = note("补充说明")
