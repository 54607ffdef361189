"""第三步 办理: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, files, note, said
from app.api.schemas.fields import Choice, Flag, Instant, Text
from app.domain.facts import countersigning
from app.domain.facts import handling as facts
from app.domain.vocabulary import (
    ResultCode,
)


class AnswerBody(ActionBody):
    """答复."""

    makes = facts.Answer

    result_code = Choice(ResultCode, required=True, metadata=said("办理结果"))
    answer = Text(5, 2000, required=True, metadata=said("给企业的答复"))
    is_contacted = Flag(required=True, metadata=said("办理中是否联系过企业"))
    contacted_at = Instant(metadata=said("联系时间，联系过则必填"))
    is_claim_true = Flag(metadata=said("诉求是否属实"))
    unsolved_reason = Text(
        2, 500, metadata=said("未完全解决的原因，结果不是已解决（solved）时必填")
    )
    handling_note = Text(2, 2000, metadata=said("办理过程，仅内部可见"))
    attachment_ids = files()


class SignForBody(ActionBody):
    """签收."""

    makes = facts.SignFor


class OpinionBody(ActionBody):
    """协办意见."""

    makes = facts.Opinion

    opinion = Text(5, 2000, required=True, metadata=said("给主办单位的意见"))
    attachment_ids = files()
    countersigns = Flag(metadata=said("是否同时会签现在的答复稿"))


class CountersignatureBody(ActionBody):
    """会签."""

    makes = countersigning.Countersignature

    agrees = Flag(required=True, metadata=said("是否同意答复稿；有异议的，退主办单位修改"))
    note = note("意见，有异议时必填")


class ApprovalBody(ActionBody):
    """审批答复."""

    makes = facts.Approval

    approved = Flag(required=True, metadata=said("是否放行给企业；不放行的，退回修改"))
    note = note("意见，退回时必填")
