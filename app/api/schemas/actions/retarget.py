"""重定时限: the fields of the action."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Choice, Number, Text
from app.domain.facts import retarget as facts
from app.domain.vocabulary import TicketClass


class RetargetBody(ActionBody):
    """重定时限."""

    makes = facts.Retargeting

    reason = Text(5, 500, required=True, metadata=said("理由，企业可见"))
    ticket_class = Choice(TicketClass, metadata=said("新的分级，不带则不变"))
    promised_days = Number(
        1,
        365,
        metadata=said(
            "承诺的天数：审批事项为工作日；拖欠账款自提交起算，不超过规定的最长天数，不带则按标准"
        ),
    )
