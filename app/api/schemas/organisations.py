"""单位设置的请求字段."""

from typing import Any

from app.api.schemas.fields import AREA_CODE, Listed, Part, Strict, Text, Word, identifier
from app.domain.register import CATEGORIES
from app.models.organisation import KINDS


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class ContactBody(Strict):
    """单位联系人."""

    name = Text(1, 60, required=True, metadata=_said("姓名"))
    phone = Text(1, 30, load_default=None, allow_none=True, metadata=_said("手机，11 位"))


def _contact(text: str) -> Part:
    return Part(ContactBody, allow_none=True, metadata=_said(text))


class OrganisationChanges(Strict):
    """对单位的更改：不带的字段不变，null 为清空."""

    name = Text(2, 100, metadata=_said("名称，全市唯一"))
    kind = Word(KINDS, metadata=_said("种类"))
    area_code: Any = Text(
        12,
        12,
        pattern=AREA_CODE,
        allow_none=True,
        metadata=_said("区划代码；垂直管理单位（vertical）可不填"),
    )
    parent_id = identifier(allow_none=True, metadata=_said("上级单位，不得成环"))
    office_phone = Text(3, 30, allow_none=True, metadata=_said("办公电话"))
    reports_categories = Listed(
        Word(CATEGORIES), 0, len(CATEGORIES), metadata=_said("负责报送的登记类别")
    )
    handles_categories = Listed(Text(1, 40), 0, 60, metadata=_said("负责办理的诉求类别代码"))
    unit_head = _contact("单位负责人，接收督办单、提醒函；不是系统角色")
    deputy_leader = _contact("分管领导，接收提级事项；不是系统角色")


class OrganisationBody(OrganisationChanges):
    """新单位."""

    name = Text(2, 100, required=True, metadata=_said("名称，全市唯一"))
    kind = Word(KINDS, required=True, metadata=_said("种类"))
