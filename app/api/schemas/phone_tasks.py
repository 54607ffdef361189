"""电话任务的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice, Strict
from app.domain.actor import Role
from app.domain.calls import CallOutcome, CallState
from app.domain.fallbacks import CallCause
from app.domain.message_kinds import MessageKind


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class PhoneTaskQuery(PageQuery):
    """电话任务的筛选."""

    state = Choice(
        CallState,
        load_default=CallState.OPEN,
        metadata=_said("任务状态；不带则只列待拨打的"),
    )


class CallBody(Strict):
    """一次通话的结果."""

    outcome = Choice(
        CallOutcome,
        required=True,
        metadata=_said("reached 已告知，not_reached 未接通，wrong_number 号码有误"),
    )


class PhoneTaskItem(Answer):
    """一个电话任务."""

    id = fields.Integer(metadata=_said("任务编号"))
    ticket_number = fields.String(metadata=_said("所涉诉求的编号") | {"pattern": NUMBER})
    kind = Choice(MessageKind, metadata=_said("要告知的消息种类"))
    title = fields.String(metadata=_said("要告知的消息标题"))
    recipient = fields.String(metadata=_said("要拨打的人，已脱敏"))
    recipient_role = Choice(Role, allow_none=True, metadata=_said("此人被通知时的角色"))
    recipient_role_label = fields.String(allow_none=True, metadata=_said("角色名称"))
    phone = fields.String(allow_none=True, metadata=_said("手机，已脱敏；账号没有手机则为空"))
    cause = Choice(CallCause, metadata=_said("为什么要打电话"))
    cause_label = fields.String(metadata=_said("原因的中文说明"))
    is_urgent = fields.Boolean(metadata=_said("是否紧急"))
    state = Choice(CallState, metadata=_said("任务状态"))
    state_label = fields.String(metadata=_said("任务状态的中文名"))
    attempts = fields.Integer(metadata=_said("已拨打次数"))
    call_from = fields.AwareDateTime(metadata=_said("何时起拨打"))
    due_at = fields.AwareDateTime(
        allow_none=True, metadata=_said("提前告知的事项何时到期；其他任务为空")
    )
    expires_at = fields.AwareDateTime(metadata=_said("何时起不再需要"))
    holder = fields.String(allow_none=True, metadata=_said("领取人；无人领取则为空"))
    held_until = fields.AwareDateTime(allow_none=True, metadata=_said("领取到何时"))


PhoneTaskPage = page_schema(PhoneTaskItem, "紧急的在前")


class RevealedTask(Answer):
    """要拨打的人和号码的明文."""

    contact_name = fields.String(metadata=_said("要拨打的人"))
    contact_phone = fields.String(allow_none=True, metadata=_said("号码；不知道则为空"))
