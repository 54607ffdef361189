"""派单建议的字段."""

from marshmallow import fields

from app.api.schemas.fields import NUMBER, Answer, Word
from services.coordination.suggestions import WHY


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class DispatchSuggestion(Answer):
    """一个建议的承办单位."""

    organisation_id = fields.Integer(metadata=_said("单位"))
    organisation_name = fields.String(metadata=_said("单位名称"))
    ground = Word(
        tuple(WHY), metadata=_said("依据：binding 会商结论，ruled 退回裁定，duty 登记的职责")
    )
    why = fields.String(metadata=_said("为什么建议这个单位"))
    source_number = fields.String(
        allow_none=True, metadata=_said("作出裁定的诉求的编号") | {"pattern": NUMBER}
    )
    made_at = fields.AwareDateTime(allow_none=True, metadata=_said("裁定时间"))


class DispatchSuggestions(Answer):
    """派单建议."""

    number = fields.String(metadata=_said("编号") | {"pattern": NUMBER})
    suggestions = fields.List(
        fields.Nested(DispatchSuggestion), metadata=_said("最合适的在前，最多 10 个")
    )
