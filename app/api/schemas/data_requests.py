"""个人信息请求的字段."""

from typing import Any

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Flag, Strict, Text, Word
from app.models.data_request import OUTCOMES, REQUEST_KINDS

KINDS = "export 索取副本，correct 更正，delete 删除（注销账号）"
ENDS = "done 已办，stored_only 依法暂不能删除、只存储，refused 不予办理"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class DataRequestBody(Strict):
    """提出请求."""

    kind = Word(REQUEST_KINDS, required=True, metadata=_said(KINDS))
    words = Text(0, 1000, load_default="", metadata=_said("具体要求"))


class DataRequestQuery(PageQuery):
    """请求的筛选."""

    open = Flag(
        strict=False, load_default=None, metadata=_said("true 只列待答复的，false 只列已答复的")
    )


class DataAnswerBody(Strict):
    """答复请求."""

    outcome = Word(OUTCOMES, required=True, metadata=_said(ENDS))
    answer = Text(2, 1000, required=True, metadata=_said("给本人的答复；不办或只存储须说明依据"))


class ClosingBody(Strict):
    """注销本人账号."""

    login = Text(1, 100, required=True, metadata=_said("本人的登录名，见 GET /me；以此确认"))


class DataRequestItem(Answer):
    """个人信息请求."""

    id = fields.Integer(metadata=_said("请求编号"))
    account_id = fields.Integer(metadata=_said("提出人的账号编号"))
    account_name = fields.String(metadata=_said("提出人"))
    kind = Word(REQUEST_KINDS, metadata=_said(KINDS))
    words = fields.String(metadata=_said("具体要求"))
    created_at = fields.AwareDateTime(metadata=_said("提出时间"))
    due_at = fields.AwareDateTime(metadata=_said("答复期限，15 个工作日"))
    outcome = Word(OUTCOMES, allow_none=True, metadata=_said(ENDS))
    answer = fields.String(allow_none=True, metadata=_said("答复"))
    answered_at = fields.AwareDateTime(allow_none=True, metadata=_said("答复时间"))


def _rows(text: str) -> fields.List[Any]:
    return fields.List(fields.Dict(keys=fields.String()), metadata=_said(text))


class OwnData(Answer):
    """本人信息的副本."""

    account = fields.Dict(keys=fields.String(), metadata=_said("登录名、姓名、手机号"))
    memberships = _rows("身份")
    bindings = _rows("微信绑定")
    wecom_bindings = _rows("企业微信绑定")
    sessions = _rows("登录记录")
    messages = _rows("收到的消息")
    drafts = _rows("发给客服的消息")
    content_checks = _rows("对所提交内容的审核")
    tickets = _rows("提交的诉求")


DataRequestPage = page_schema(DataRequestItem, "新的在前")
