"""企业微信绑定的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Strict, Text


class WeComCode(Strict):
    """企业微信授权码."""

    code = Text(
        1,
        512,
        required=True,
        metadata={"description": "页面在企业微信中授权（snsapi_base）得到的 code，只能用一次"},
    )


class WeComBound(Answer):
    """企业微信绑定."""

    bound_at = fields.AwareDateTime(metadata={"description": "绑定时间"})
