"""What each action is called and for, and what it takes: from the routes, else from here."""

from collections.abc import Mapping
from typing import NamedTuple

from marshmallow import Schema

from app.api.merging import merge_into
from app.api.schemas.actions.intake import SubmissionBody
from app.api.schemas.merging import MergeBody
from app.api.ticket_actions.routes import ACTIONS
from app.domain.permissions import Permission as Act


class Form(NamedTuple):
    """What it is for, and its fields."""

    description: str
    body: type[Schema] | None = None


BESIDE: Mapping[Act, Form] = {
    Act.SUBMIT: Form("企业自行提交；座席、管家可以代企业提交。", SubmissionBody),
    Act.MERGE: Form(merge_into.__doc__ or "", MergeBody),
}
"""The actions whose routes are made by hand."""

BY_ITSELF: Mapping[Act, Form] = {
    Act.LAPSE_SUPPLEMENT: Form("补正期限届满仍未补正的，视为撤回；企业可以一键重新提交。"),
    Act.ARCHIVE: Form(
        "评价期满，或已作评价而没有未了事项的，自动归档。没有评价的仍为未评价，不当作好评。"
    ),
    Act.FOLLOW_PARENT: Form("主件又并入别的诉求的，已并入它的各件随之并入。"),
    Act.FORWARD_ANSWER: Form("主件的答复送达并入的各件，由各企业分别评价。"),
    Act.REMIND: Form(
        "时限用去一部分、将到期时提醒办理的人；补正、容缺、评价提醒企业；超期多日的进入督办。"
    ),
    Act.REMIND_OF_DAY: Form(
        "联席会议前一个工作日下午四点提醒参加的人；会议任务逾期后的第一个工作日早上提醒一次责任单位；"
        "挂账到复核日期的早上提醒责任人。"
    ),
    Act.ISSUE_CARD: Form("时限将尽时亮黄牌，超期亮红牌。"),
    Act.HAND_OVER: Form("结对移交给另一位管家时，未办结的诉求一同移交。"),
}
"""What nobody does: jobs do."""

FORMS: Mapping[Act, Form] = {
    **BESIDE,
    **BY_ITSELF,
    **{one.permission: Form(one.description, one.body) for one in ACTIONS},
}
