"""企业成员、邀请、加入申请的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Flag, Strict, Text, Word
from app.api.schemas.session import MembershipItem
from app.domain.actor import ENTERPRISE_ROLES
from app.domain.register import VISIT_PREFERENCES

ROLES = sorted(ENTERPRISE_ROLES)
STATES = ("pending", "approved", "refused")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _role(**options: object) -> Word:
    return Word(ROLES, metadata=_said("企业管理员或企业用户"), **options)


class Member(Answer):
    """企业成员."""

    membership_id = fields.Integer(metadata=_said("身份编号"))
    name = fields.String(metadata=_said("姓名"))
    phone = fields.String(allow_none=True, metadata=_said("手机，已脱敏；不详为空"))
    role = _role()
    is_contact = fields.Boolean(metadata=_said("是否为企业登记的联系人，由登记决定"))
    since = fields.AwareDateTime(metadata=_said("何时起"))


class InvitationBody(Strict):
    """邀请同事."""

    role = _role(required=True)


class Invitation(Answer):
    """邀请，只在此时显示一次."""

    id = fields.Integer(metadata=_said("邀请编号"))
    role = _role()
    code = fields.String(metadata=_said("邀请码，只能用一次"))
    link = fields.String(metadata=_said("小程序页面路径，含邀请码"))
    qr_svg = fields.String(metadata=_said("二维码（SVG），内容同 link"))
    expires_at = fields.AwareDateTime(metadata=_said("到期时间"))


class InvitationCode(Strict):
    """邀请码."""

    code = Text(1, 100, required=True, metadata=_said("邀请码"))


class InvitedVisitor(InvitationCode):
    """访客接受邀请."""

    name = Text(1, 60, required=True, metadata=_said("姓名"))
    phone_code = Text(1, 200, required=True, metadata=_said("getPhoneNumber 得到的 code"))


class JoinRequest(Strict):
    """申请加入企业."""

    uscc = Text(1, 40, required=True, metadata=_said("企业的统一社会信用代码"))
    name = Text(1, 60, required=True, metadata=_said("姓名"))
    phone_code = Text(1, 200, required=True, metadata=_said("getPhoneNumber 得到的 code"))
    note = Text(1, 200, load_default=None, metadata=_said("说明，如职务"))


class JoinAnswer(Answer):
    """加入申请已收到."""

    state = Word(("pending",), metadata=_said("待核实"))


class RequestQuery(PageQuery):
    """加入申请的筛选."""

    state = Word(STATES, load_default="pending", metadata=_said("状态，默认待处理"))


class MembershipRequest(Answer):
    """加入申请."""

    id = fields.Integer(metadata=_said("申请编号"))
    enterprise_id = fields.Integer(metadata=_said("企业编号"))
    enterprise_name = fields.String(metadata=_said("企业名称"))
    name = fields.String(metadata=_said("申请人姓名，供核对"))
    phone = fields.String(metadata=_said("手机，已脱敏"))
    note = fields.String(allow_none=True, metadata=_said("说明"))
    state = Word(STATES, metadata=_said("待处理、已同意、已拒绝"))
    asked_at = fields.AwareDateTime(metadata=_said("申请时间"))
    decided_at = fields.AwareDateTime(allow_none=True, metadata=_said("处理时间"))
    reason = fields.String(allow_none=True, metadata=_said("理由"))


class DecisionBody(Strict):
    """对加入申请的处理."""

    approved = Flag(required=True, metadata=_said("true 同意，false 拒绝"))
    role = _role(load_default="enterprise_staff")
    reason = Text(2, 200, load_default=None, metadata=_said("理由；拒绝时必填"))


class ClosureBody(Strict):
    """企业注销."""

    reason = Text(2, 200, required=True, metadata=_said("依据，如登记机关的注销通知"))


class VisitWish(Strict):
    """走访意愿."""

    visit_preference = Word(
        VISIT_PREFERENCES,
        required=True,
        metadata=_said("any 可走访，only_when_asked 仅在企业提出时走访"),
    )


class Memberships(Answer):
    """全部身份."""

    memberships = fields.List(fields.Nested(MembershipItem), metadata=_said("身份"))


MemberPage = page_schema(Member, "先加入的在前")
MembershipRequestPage = page_schema(MembershipRequest, "先申请的在前")
