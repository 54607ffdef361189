"""诉求的组成: what belongs to a ticket, as answers show it."""

from marshmallow import fields

from app.api.schemas.fields import (
    Answer,
    Choice,
)
from app.domain.file_types import FileType
from app.domain.vocabulary import (
    AssignmentState,
    MatterKind,
    MatterOutcome,
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    UnitRole,
)


def _said(text: str, **more: object) -> dict[str, object]:
    return {"description": text} | more


def _instant(text: str, *, may_lack: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=may_lack, metadata=_said(text))


class ReplyItem(Answer):
    """答复. The enterprise does not read what stays inside."""

    sometimes = frozenset({"handling_note", "rejection", "drafted_by", "drafted_at", "released_by"})

    round = fields.Integer(metadata=_said("轮次"))
    organisation_id = fields.Integer(
        allow_none=True, metadata=_said("主办单位；管家直接答复时为空")
    )
    result_code = Choice(ResultCode, metadata=_said("办理结果"))
    result_label = fields.String(metadata=_said("办理结果名称"))
    answer = fields.String(metadata=_said("给企业的答复"))
    is_contacted = fields.Boolean(metadata=_said("是否已联系企业"))
    contacted_at = _instant("联系时间", may_lack=True)
    is_claim_true = fields.Boolean(allow_none=True, metadata=_said("诉求是否属实"))
    unsolved_reason = fields.String(allow_none=True, metadata=_said("未完全解决的原因"))
    released_at = _instant("放行时间", may_lack=True)
    handling_note = fields.String(allow_none=True, metadata=_said("办理过程，仅内部可见"))
    rejection = fields.String(allow_none=True, metadata=_said("退回理由，仅内部可见"))
    drafted_by = fields.Integer(metadata=_said("起草账号，仅内部可见"))
    drafted_at = _instant("起草时间，仅内部可见")
    released_by = fields.Integer(allow_none=True, metadata=_said("放行账号，仅内部可见"))


class LateItem(Answer):
    """再次要求补正的一项材料."""

    was_visible_at_first = fields.Boolean(metadata=_said("首次告知时是否已能看出缺少"))
    reason = fields.String(metadata=_said("为什么首次没有告知"))


class RatingItem(Answer):
    """评价：首次与最后一次."""

    level = fields.Integer(metadata=_said("最后一次的等级 5–1", minimum=1, maximum=5))
    first_level = fields.Integer(metadata=_said("首次的等级 5–1", minimum=1, maximum=5))
    first_rated_at = _instant("首次评价时间")
    rated_at = _instant("最后一次评价时间")
    set_aside_at = _instant("裁定不予采信的时间；仍保留，不计入满意率", may_lack=True)


class SupplementItem(Answer):
    """补正."""

    sometimes = frozenset({"late_items", "is_breach_of_one_time_notice"})

    attempt = fields.Integer(metadata=_said("第几次补正"))
    items = fields.List(fields.String(), metadata=_said("缺少的材料"))
    asked_by = fields.Integer(metadata=_said("提出账号"))
    asked_at = _instant("提出时间")
    answer = fields.String(allow_none=True, metadata=_said("企业的说明"))
    supplied_by = fields.Integer(allow_none=True, metadata=_said("补正账号"))
    supplied_at = _instant("补正时间", may_lack=True)
    late_items = fields.List(
        fields.Nested(LateItem), metadata=_said("再次要求补正的理由，仅内部可见")
    )
    is_breach_of_one_time_notice = fields.Boolean(metadata=_said("是否违反一次性告知，仅内部可见"))


class FileItem(Answer):
    """附件."""

    id = fields.Integer(metadata=_said("附件编号"))
    filename = fields.String(metadata=_said("文件名；清除后不再保留"))
    media_type = Choice(FileType, metadata=_said("类型"))
    size = fields.Integer(metadata=_said("字节数"))
    purged_at = _instant("涉密清除的时间；未清除为空", may_lack=True)


class AssignmentItem(Answer):
    """子工单，仅内部可见."""

    round = fields.Integer(metadata=_said("轮次"))
    organisation_id = fields.Integer(metadata=_said("单位"))
    organisation_name = fields.String(metadata=_said("单位名称"))
    role = Choice(UnitRole, metadata=_said("lead 主办，co 协办"))
    state = Choice(AssignmentState, metadata=_said("状态"))
    instruction = fields.String(allow_none=True, metadata=_said("派单意见"))
    dispatched_at = _instant("派单时间")
    signed_at = _instant("签收时间", may_lack=True)
    signed_by = fields.Integer(allow_none=True, metadata=_said("签收账号"))
    opinion = fields.String(allow_none=True, metadata=_said("协办意见"))
    done_at = _instant("办结时间", may_lack=True)
    cancelled_at = _instant("取消时间", may_lack=True)
    returned_at = _instant("退回时间", may_lack=True)
    return_until = _instant("退回截止时间；不能退回的为空", may_lack=True)
    silence_is_consent = fields.Boolean(metadata=_said("逾期未反馈意见是否视为同意"))
    countersigned_at = _instant("会签现在的答复稿的时间", may_lack=True)
    countersigned_by = fields.Integer(allow_none=True, metadata=_said("会签账号"))


class RevisitItem(Answer):
    """回访，仅内部可见."""

    round = fields.Integer(metadata=_said("轮次"))
    planned_at = _instant("安排时间")
    attempts = fields.Integer(metadata=_said("已拨打次数"))
    outcome = Choice(RevisitOutcome, allow_none=True, metadata=_said("结果"))
    was_contacted = fields.Boolean(allow_none=True, metadata=_said("办理中是否联系过"))
    is_reply_true = fields.Boolean(allow_none=True, metadata=_said("答复是否属实"))
    is_clear = fields.Boolean(allow_none=True, metadata=_said("答复是否清楚"))
    satisfaction = fields.Integer(
        allow_none=True, metadata=_said("口头满意度 1–5", minimum=1, maximum=5)
    )
    note = fields.String(allow_none=True, metadata=_said("备注"))
    revisited_by = fields.Integer(allow_none=True, metadata=_said("回访账号"))
    revisited_at = _instant("回访时间", may_lack=True)
    last_attempt_at = _instant("最近一次拨打的时间", may_lack=True)


class MatterItem(Answer):
    """事项：退回、延期、挂起、容缺、整改等."""

    seq = fields.Integer(metadata=_said("本件的第几个事项"))
    kind = Choice(MatterKind, metadata=_said("种类"))
    kind_label = fields.String(metadata=_said("种类名称"))
    round = fields.Integer(metadata=_said("轮次"))
    organisation_id = fields.Integer(allow_none=True, metadata=_said("所涉单位"))
    organisation_name = fields.String(allow_none=True, metadata=_said("所涉单位名称"))
    details = fields.Dict(metadata=_said("内容，因种类而异"))
    opened_by = fields.Integer(allow_none=True, metadata=_said("提出账号，企业侧不显示"))
    opened_at = _instant("提出时间")
    consented_by = fields.Integer(allow_none=True, metadata=_said("本单位审批账号，企业侧不显示"))
    consented_at = _instant("本单位审批时间", may_lack=True)
    settled_by = fields.Integer(allow_none=True, metadata=_said("了结账号，企业侧不显示"))
    settled_at = _instant("了结时间；未了结为空", may_lack=True)
    outcome = Choice(MatterOutcome, allow_none=True, metadata=_said("结果"))
    outcome_label = fields.String(allow_none=True, metadata=_said("结果名称"))
    note = fields.String(allow_none=True, metadata=_said("意见"))


class RefusalItem(Answer):
    """不予受理的意见，仅内部可见."""

    ground = Choice(RefusalGround, metadata=_said("理由"))
    explanation = fields.String(metadata=_said("说明"))
    right_door = fields.String(allow_none=True, metadata=_said("应走的渠道"))
