"""保全的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Flag, Strict, Text, Word
from app.models.legal_hold import SUBJECT_KINDS

KINDS = "ticket 诉求，enterprise 企业，account 账号，everything 一切"


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class HoldQuery(PageQuery):
    """保全的筛选."""

    standing = Flag(
        strict=False,
        load_default=None,
        metadata=_said("true 只列生效的，false 只列已解除的；不带则都列"),
    )


class HoldBody(Strict):
    """设定保全."""

    subject_kind = Word(SUBJECT_KINDS, required=True, metadata=_said(KINDS))
    subject = Text(
        0,
        40,
        load_default="",
        metadata=_said("诉求的编号，企业或账号的数字编号；保全一切时不填"),
    )
    reason = Text(5, 500, required=True, metadata=_said("依据和理由"))


class LegalHoldItem(Answer):
    """保全."""

    id = fields.Integer(metadata=_said("保全编号"))
    subject_kind = Word(SUBJECT_KINDS, metadata=_said(KINDS))
    subject = fields.String(metadata=_said("诉求的编号，企业或账号的数字编号；保全一切时为空文本"))
    reason = fields.String(metadata=_said("依据和理由"))
    placed_by = fields.String(metadata=_said("设定人"))
    placed_at = fields.AwareDateTime(metadata=_said("设定时间"))
    lifted_by = fields.String(allow_none=True, metadata=_said("解除人"))
    lifted_at = fields.AwareDateTime(allow_none=True, metadata=_said("解除时间"))


LegalHoldPage = page_schema(LegalHoldItem, "新的在前")
