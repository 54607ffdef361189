"""代理的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import page_schema
from app.api.schemas.fields import Answer, Instant, Strict, Text, identifier
from services.accounts.delegations import Wish


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class DelegationBody(Strict):
    """委托代理."""

    delegate_housekeeper_id = identifier(
        required=True, metadata=_said("代理人的管家编号，须在岗并有账号")
    )
    housekeeper_id = identifier(
        load_default=None,
        allow_none=True,
        metadata=_said("为哪位管家委托：本人可不填，单位审批人须填本单位的管家"),
    )
    valid_from = Instant(load_default=None, allow_none=True, metadata=_said("开始；不带则即刻"))
    valid_until = Instant(required=True, metadata=_said("结束，到时自动终止"))
    reason = Text(2, 200, required=True, metadata=_said("事由"))

    @post_load
    def make_wish(self, loaded: dict[str, Any], **_: Any) -> Wish:
        return Wish(**loaded)


class DelegationEndBody(Strict):
    """提前结束代理."""

    reason = Text(2, 200, required=True, metadata=_said("理由"))


class Delegation(Answer):
    """代理."""

    id = fields.Integer(metadata=_said("代理编号，也是代理人的身份编号"))
    housekeeper_id = fields.Integer(metadata=_said("委托人的管家编号"))
    housekeeper_name = fields.String(metadata=_said("委托人"))
    delegate_id = fields.Integer(metadata=_said("代理人的账号编号"))
    delegate_name = fields.String(metadata=_said("代理人"))
    valid_from = fields.AwareDateTime(metadata=_said("开始"))
    valid_until = fields.AwareDateTime(metadata=_said("结束；委托人不再任管家的，随之提前"))
    reason = fields.String(metadata=_said("事由"))
    end_reason = fields.String(allow_none=True, metadata=_said("提前结束的理由"))


DelegationPage = page_schema(Delegation, "新的在前")
