"""企业登记录入和更正的字段."""

from decimal import Decimal
from typing import Any

from marshmallow import fields

from app.api.messages import Message
from app.api.schemas.fields import AREA_CODE, COMMON, Answer, Flag, Listed, Strict, Text, Word
from app.domain.register import CATEGORIES, OPERATING_STATES, PROJECT_STAGES, amount


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class Amount(Text):
    """万元, at most two decimals, as text."""

    default_error_messages = COMMON | {"amount": Message("amount", "应为以万元计的数字。")}

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> Any:
        found: Decimal | None = amount(super()._deserialize(value, *place, **options))
        if found is None:
            raise self.make_error("amount")
        return found


class EnterpriseChanges(Strict):
    """对企业登记的更正：不带的字段不变."""

    name = Text(2, 100, metadata=_said("企业名称"))
    uscc = Text(1, 40, metadata=_said("统一社会信用代码；个体工商户可以后补"))
    categories: fields.Field[Any] = Listed(
        Word(CATEGORIES), 1, len(CATEGORIES), metadata=_said("登记类别，主要的由系统判定")
    )
    area_code = Text(12, 12, pattern=AREA_CODE, metadata=_said("属地区划代码"))
    managing_area_code = Text(
        12, 12, pattern=AREA_CODE, metadata=_said("管理区代码，与属地不同时填写")
    )
    contact_name = Text(1, 60, metadata=_said("联系人"))
    contact_phone = Text(1, 30, metadata=_said("联系人手机，11 位"))
    contact_title = Text(1, 60, metadata=_said("联系人职务"))
    legal_person = Text(1, 60, metadata=_said("法定代表人"))
    operating_state = Word(OPERATING_STATES, metadata=_said("经营状态；注销另行办理"))
    industry = Text(1, 100, metadata=_said("行业"))
    scale = Text(1, 30, metadata=_said("规模"))
    project_name = Text(1, 200, metadata=_said("项目名称"))
    project_code = Text(1, 60, metadata=_said("项目代码"))
    project_stage = Word(PROJECT_STAGES, metadata=_said("项目阶段"))
    total_investment = Amount(1, 20, metadata=_said("总投资，万元"))
    registered_address = Text(1, 200, metadata=_said("注册地址"))
    operating_address = Text(1, 200, metadata=_said("经营地址"))
    remark = Text(1, 500, metadata=_said("备注，企业侧不显示"))


class EnterpriseBody(EnterpriseChanges):
    """新登记的企业."""

    name = Text(2, 100, required=True, metadata=_said("企业名称"))
    categories = Listed(
        Word(CATEGORIES),
        1,
        len(CATEGORIES),
        required=True,
        metadata=_said("登记类别，主要的由系统判定"),
    )
    area_code = Text(12, 12, pattern=AREA_CODE, required=True, metadata=_said("属地区划代码"))
    contact_name = Text(1, 60, required=True, metadata=_said("联系人"))
    contact_phone = Text(1, 30, required=True, metadata=_said("联系人手机，11 位"))


class CreditBody(Strict):
    """登记或解除失信记录."""

    is_discredited = Flag(required=True, metadata=_said("true 有未修复的失信记录，false 已修复"))
    reason = Text(2, 500, required=True, metadata=_said("依据，记入审计"))


class EnterpriseCredit(Answer):
    """企业的信用状况."""

    enterprise_id = fields.Integer(metadata=_said("企业编号"))
    is_discredited = fields.Boolean(metadata=_said("是否有未修复的失信记录"))
