"""个人信息处理告知的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer


class RetentionTerm(Answer):
    """保存期限."""

    what = fields.String(metadata={"description": "内容"})
    days = fields.Integer(
        allow_none=True, metadata={"description": "保存天数；按档案规定保存的为空"}
    )


class PrivacyNotice(Answer):
    """个人信息处理告知."""

    controller = fields.String(metadata={"description": "处理者"})
    basis = fields.String(metadata={"description": "依据"})
    purposes = fields.List(fields.String(), metadata={"description": "目的"})
    kinds = fields.List(fields.String(), metadata={"description": "种类"})
    retention = fields.List(fields.Nested(RetentionTerm), metadata={"description": "保存期限"})
    secrets = fields.String(metadata={"description": "保密提示，提交诉求之前显示"})
    rights = fields.List(fields.String(), metadata={"description": "权利及行使办法"})
