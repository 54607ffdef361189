"""内容审核的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice, Strict, Text, Word
from app.api.schemas.tickets import ACTIONS
from app.domain.content_checks import Cause, CheckState, Ruling


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class ContentCheckQuery(PageQuery):
    """内容审核的筛选."""

    state = Choice(
        CheckState,
        load_default=CheckState.REFERRED,
        metadata=_said("审核状态；不带则只列待人工审核的"),
    )


class ContentRulingBody(Strict):
    """人工审核的结论."""

    ruling = Choice(
        Ruling,
        required=True,
        metadata=_said("release 放行，hold_back 不向他人显示"),
    )
    reason = Text(2, 200, required=True, metadata=_said("理由；不予显示的，提交人看得到"))


class ContentAppealBody(Strict):
    """对不予显示的申诉."""

    reason = Text(2, 500, required=True, metadata=_said("申诉的理由"))


class ContentCheckItem(Answer):
    """一项内容审核."""

    id = fields.Integer(metadata=_said("审核编号"))
    ticket_number = fields.String(metadata=_said("所属诉求的编号") | {"pattern": NUMBER})
    event_seq = fields.Integer(metadata=_said("随第几个事件提交"))
    action = Word(ACTIONS, metadata=_said("随什么操作提交"))
    action_label = fields.String(metadata=_said("操作名称"))
    text = fields.String(metadata=_said("提交的文字，附件名列在最后；图片为其文件名"))
    attachment_id = fields.Integer(allow_none=True, metadata=_said("图片的附件编号；文字为空"))
    state = Choice(CheckState, metadata=_said("审核状态"))
    state_label = fields.String(metadata=_said("审核状态的中文名"))
    cause = Choice(Cause, allow_none=True, metadata=_said("转人工的原因；未转人工为空"))
    cause_label = fields.String(allow_none=True, metadata=_said("原因的中文说明"))
    label = fields.Integer(allow_none=True, metadata=_said("平台的标签，如 10001 广告；没有则为空"))
    created_at = fields.AwareDateTime(metadata=_said("提交时间"))
    ruled_by = fields.String(allow_none=True, metadata=_said("审核人；企业侧不显示"))
    ruled_at = fields.AwareDateTime(allow_none=True, metadata=_said("人工审核的时间"))
    reason = fields.String(allow_none=True, metadata=_said("人工审核的理由"))
    appeal = fields.String(allow_none=True, metadata=_said("提交人申诉的理由；没有申诉为空"))
    appealed_at = fields.AwareDateTime(allow_none=True, metadata=_said("申诉时间"))


ContentCheckPage = page_schema(ContentCheckItem, "一页内容审核")
