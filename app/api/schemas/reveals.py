"""查看联系方式的字段."""

from marshmallow import fields

from app.api.paging import page_schema
from app.api.schemas.fields import Answer, Choice, Listed, Strict, Text
from app.domain.actor import Role
from app.domain.contact_fields import ContactField


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class RevealReason(Strict):
    """查看的理由."""

    reason = Text(5, 200, required=True, metadata=_said("为什么需要；会被记录，企业可以看到"))


class ContactReveal(RevealReason):
    """要查看的字段和理由."""

    wanted = Listed(
        Choice(ContactField),
        1,
        len(ContactField),
        data_key="fields",
        required=True,
        metadata=_said("要查看的字段"),
    )


class RevealedContact(Answer):
    """企业联系方式的明文，不要的字段为空."""

    contact_name = fields.String(allow_none=True, metadata=_said("联系人"))
    contact_phone = fields.String(allow_none=True, metadata=_said("联系电话"))
    legal_person = fields.String(allow_none=True, metadata=_said("法定代表人；未登记也为空"))


class RevealedPhone(Answer):
    """管家的手机号."""

    phone = fields.String(metadata=_said("手机"))


class RevealedCaller(Answer):
    """诉求的联系人，诉求未另留联系人的为企业的联系人."""

    contact_name = fields.String(allow_none=True, metadata=_said("联系人；未留姓名则为空"))
    contact_phone = fields.String(metadata=_said("联系电话"))


class Disclosure(Answer):
    """谁看过联系方式."""

    id = fields.Integer(metadata=_said("记录编号"))
    at = fields.AwareDateTime(metadata=_said("查看时间"))
    role = Choice(Role, metadata=_said("查看人的角色"))
    role_label = fields.String(metadata=_said("角色名称"))
    organisation_name = fields.String(allow_none=True, metadata=_said("查看人的单位"))
    ticket_number = fields.String(allow_none=True, metadata=_said("为办理哪件诉求；不为某件则为空"))
    seen = fields.List(Choice(ContactField), data_key="fields", metadata=_said("看了哪些字段"))
    reason = fields.String(metadata=_said("理由"))


DisclosurePage = page_schema(Disclosure, "新的在前")
