"""调阅的字段."""

from marshmallow import fields

from app.api.schemas.fields import NUMBER, Answer, Strict, Text


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class InspectionBody(Strict):
    """调阅的理由."""

    reason = Text(5, 200, required=True, metadata=_said("为什么要查看；记入审计"))


class Inspection(Answer):
    """可以查看到何时."""

    number = fields.String(metadata=_said("诉求编号") | {"pattern": NUMBER})
    valid_until = fields.AwareDateTime(metadata=_said("在此之前不必再次说明"))
