"""公示卡的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class OnCard(Answer):
    """公示卡上的一位管家."""

    name = fields.String(metadata=_said("姓名"))
    job_title = fields.String(allow_none=True, metadata=_said("职务"))
    organisation_name = fields.String(metadata=_said("工作单位"))
    office_phone = fields.String(
        allow_none=True, metadata=_said("办公电话；本人没有时为单位的办公电话")
    )
    since = fields.AwareDateTime(metadata=_said("何时起负责"))


class PublicCard(Answer):
    """公示卡：谁负责这家企业，怎样联系."""

    enterprise_id = fields.Integer(metadata=_said("企业编号"))
    enterprise_name = fields.String(metadata=_said("企业名称"))
    lead = fields.Nested(OnCard, allow_none=True, metadata=_said("管家；尚未安排则为空"))
    deputy = fields.Nested(OnCard, allow_none=True, metadata=_said("副管家；尚未安排则为空"))
