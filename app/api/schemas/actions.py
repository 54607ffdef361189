"""操作的字段: what each action takes. Each schema loads the facts of its action."""

from typing import Any, ClassVar

from marshmallow import post_load

from app.api.schemas.fields import Choice, Flag, Instant, Listed, Number, Strict, Text, identifier
from app.domain import ticket_facts as facts
from app.domain.vocabulary import (
    Channel,
    Kind,
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    TicketClass,
)

ATTACHMENTS = 9


def _said(text: str, **more: object) -> dict[str, object]:
    return {"description": text} | more


def _note(text: str) -> Text:
    return Text(1, 500, metadata=_said(text))


def _files() -> Listed:
    return Listed(identifier(), 0, ATTACHMENTS, metadata=_said("已上传附件的编号，最多 9 个"))


class ActionBody(Strict):
    """Loads into the frozen facts that the rules read."""

    makes: ClassVar[type[Any]]

    @post_load
    def make_facts(self, loaded: dict[str, Any], **_: Any) -> Any:
        return self.makes(**loaded)


class SubmissionBody(ActionBody):
    """提交诉求."""

    makes = facts.Submission

    title = Text(
        2, 60, required=True, metadata=_said("标题，2–60 字", examples=["厂区门前道路积水"])
    )
    body = Text(5, 2000, required=True, metadata=_said("内容，5–2000 字"))
    kind = Choice(Kind, metadata=_said("性质，默认 request 求助"))
    channel = Choice(Channel, metadata=_said("来源渠道；企业自行提交为 mini_program"))
    category_code = Text(1, 40, metadata=_said("建议的类别，受理时确定"))
    enterprise_id = identifier(metadata=_said("代企业提交时必填"))
    contact_name = Text(1, 30, metadata=_said("本件联系人，缺省为企业登记的联系人"))
    contact_phone = Text(
        7, 20, pattern=r"[0-9+\-]{7,20}", metadata=_said("本件联系电话", examples=["13800001234"])
    )
    is_confidential = Flag(metadata=_said("保密：管家不可见，由协调员受理"))
    attachment_ids = _files()


class FirstContactBody(ActionBody):
    """首次联系."""

    makes = facts.FirstContact

    note = Text(2, 500, required=True, metadata=_said("联系情况"))
    contacted_at = Instant(metadata=_said("联系时间，缺省为现在"))


class AcceptanceBody(ActionBody):
    """受理."""

    makes = facts.Acceptance

    ticket_class = Choice(TicketClass, required=True, metadata=_said("分级，决定办结时限"))
    category_code = Text(1, 40, required=True, metadata=_said("类别代码"))
    note = _note("备注，仅内部可见")
    promised_days = Number(1, 365, metadata=_said("审批事项承诺的工作日数，只用于 approval"))


class RefusalBody(ActionBody):
    """不予受理的意见."""

    makes = facts.Refusal

    ground = Choice(RefusalGround, required=True, metadata=_said("理由"))
    explanation = Text(5, 1000, required=True, metadata=_said("给企业的说明"))
    right_door = Text(2, 500, metadata=_said("应走的渠道"))


class RefusalRulingBody(ActionBody):
    """第二人审批不予受理."""

    makes = facts.RefusalRuling

    approved = Flag(required=True, metadata=_said("true 同意不予受理，false 退回继续受理"))
    note = _note("意见")


class SupplementNoticeBody(ActionBody):
    """补正通知."""

    makes = facts.SupplementNotice

    items = Listed(Text(2, 200), 1, 20, required=True, metadata=_said("缺少的全部材料，一次告知"))


class SupplementBody(ActionBody):
    """补正."""

    makes = facts.Supplement

    answer = Text(2, 2000, required=True, metadata=_said("补正说明"))
    attachment_ids = _files()


class WithdrawalBody(ActionBody):
    """撤回."""

    makes = facts.Withdrawal

    reason = Text(2, 500, required=True, metadata=_said("撤回原因"))


class DispatchBody(ActionBody):
    """派单."""

    makes = facts.Dispatch

    lead_organisation_id = identifier(required=True, metadata=_said("主办单位，只有一个"))
    co_organisation_ids = Listed(identifier(), 0, 10, metadata=_said("协办单位"))
    instruction = _note("派单意见")


class AnswerBody(ActionBody):
    """答复."""

    makes = facts.Answer

    result_code = Choice(ResultCode, required=True, metadata=_said("办理结果"))
    answer = Text(5, 2000, required=True, metadata=_said("给企业的答复"))
    is_contacted = Flag(required=True, metadata=_said("办理中是否联系过企业"))
    contacted_at = Instant(metadata=_said("联系时间，联系过则必填"))
    is_claim_true = Flag(metadata=_said("诉求是否属实"))
    unsolved_reason = Text(2, 500, metadata=_said("未完全解决的原因，结果不是 solved 时必填"))
    handling_note = Text(2, 2000, metadata=_said("办理过程，仅内部可见"))
    attachment_ids = _files()


class SignForBody(ActionBody):
    """签收."""

    makes = facts.SignFor


class OpinionBody(ActionBody):
    """协办意见."""

    makes = facts.Opinion

    opinion = Text(5, 2000, required=True, metadata=_said("给主办单位的意见"))
    attachment_ids = _files()


class ApprovalBody(ActionBody):
    """审批答复."""

    makes = facts.Approval

    approved = Flag(required=True, metadata=_said("true 放行给企业，false 退回修改"))
    note = _note("意见，退回时必填")


class ReceiptBody(ActionBody):
    """反馈送达."""

    makes = facts.Receipt

    note = _note("电话告知情况，由座席填写")


class RevisitBody(ActionBody):
    """回访."""

    makes = facts.RevisitCall

    is_reached = Flag(required=True, metadata=_said("是否接通"))
    outcome = Choice(RevisitOutcome, metadata=_said("接通时必填：solved 或 unsolved"))
    was_contacted = Flag(metadata=_said("办理中是否联系过您"))
    is_reply_true = Flag(metadata=_said("单位的答复是否属实"))
    is_clear = Flag(metadata=_said("答复是否清楚"))
    satisfaction = Number(1, 5, metadata=_said("口头满意度，只作参考，不计入评价"))
    note = _note("备注")


class RatingBody(ActionBody):
    """评价."""

    makes = facts.Rating

    level = Number(1, 5, required=True, metadata=_said("5 非常满意 … 1 非常不满意"))
    reasons = Listed(Text(2, 30), 0, 10, metadata=_said("不满意的原因"))
    comment = _note("补充说明")
