"""区划、类别、单位、企业、管家、结对的字段."""

from collections.abc import Sequence

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import AREA_CODE, Answer, Flag, SearchText, Text, Word
from app.domain.areas import LEVELS
from app.domain.register import (
    CATEGORIES,
    DUTY_STATES,
    GRADES,
    OPERATING_STATES,
    VISIT_PREFERENCES,
)
from app.models.organisation import KINDS

USCC_STATES = ("valid", "pending")
PAIRING_ROLES = ("lead", "deputy")
PAIRING_STATES = ("proposed", "confirmed", "active", "handing_over", "ended")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _area(text: str) -> Text:
    return Text(12, 12, pattern=AREA_CODE, load_default=None, metadata=_said(text))


def _words(text: str) -> SearchText:
    return SearchText(1, 60, load_default=None, metadata=_said(text))


def _one_of(choices: Sequence[str], text: str) -> Word:
    return Word(choices, load_default=None, metadata=_said(text))


def _text(text: str, *, may_lack: bool = False) -> fields.String:
    return fields.String(allow_none=may_lack, metadata=_said(text))


def _code(text: str, *, may_lack: bool = False) -> fields.String:
    return fields.String(allow_none=may_lack, metadata=_said(text) | {"pattern": f"^{AREA_CODE}$"})


def _number(text: str, *, may_lack: bool = False) -> fields.Integer:
    return fields.Integer(allow_none=may_lack, metadata=_said(text))


def _instant(text: str, *, may_lack: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=may_lack, metadata=_said(text))


class AreaQuery(PageQuery):
    """区划列表的筛选."""

    parent = _area("上级区划代码；不带则为各省")


class AreaItem(Answer):
    """区划."""

    code = _code("12 位区划代码；本地管理区含字母")
    name = _text("名称")
    level = Word(LEVELS, metadata=_said("层级，依次为省、市、县、乡镇街道、村社区"))
    parent_code = _code("上级区划代码", may_lack=True)
    is_local = fields.Boolean(metadata=_said("是否没有国家代码的本地管理区"))
    has_children = fields.Boolean(metadata=_said("是否有下级"))


class CategoryItem(Answer):
    """诉求类别."""

    code = _text("类别代码")
    name = _text("名称")


class OrganisationQuery(PageQuery):
    """单位列表的筛选."""

    q = _words("名称中的文字")
    area = _area("所在区划，含下级")
    kind = _one_of(KINDS, "种类")
    with_closed = Flag(strict=False, load_default=False, metadata=_said("是否含已撤销的单位"))


class Organisation(Answer):
    """单位."""

    id = _number("单位编号")
    name = _text("名称")
    kind = Word(KINDS, metadata=_said("种类"))
    area_code = _code("区划代码", may_lack=True)
    area_name = _text("区划名称", may_lack=True)
    parent_id = _number("上级单位", may_lack=True)
    is_confirmed = fields.Boolean(metadata=_said("是否已确认"))
    reports_categories = fields.List(Word(CATEGORIES), metadata=_said("负责报送的类别"))
    handles_categories = fields.List(fields.String(), metadata=_said("负责办理的诉求类别"))
    office_phone = _text("办公电话", may_lack=True)
    closed_on = fields.Date(allow_none=True, metadata=_said("撤销日期；未撤销为空"))


class UnitContact(Answer):
    """单位联系人."""

    name = _text("姓名")
    phone = _text("手机，已脱敏", may_lack=True)


def _contact(text: str) -> fields.Nested:
    return fields.Nested(UnitContact, allow_none=True, metadata=_said(text))


class OrganisationDetail(Organisation):
    """单位及其联系人."""

    unit_head = _contact("单位负责人；企业侧不显示")
    deputy_leader = _contact("分管领导；企业侧不显示")


class EnterpriseQuery(PageQuery):
    """企业列表的筛选."""

    q = _words("名称中的词、统一社会信用代码、手机号后四位、联系人或法定代表人的全名")
    category = _one_of(CATEGORIES, "登记类别")
    area = _area("管理区划，含下级")


class EnterpriseItem(Answer):
    """列表中的企业."""

    id = _number("企业编号")
    name = _text("名称")
    uscc = _text("统一社会信用代码；待补时为空", may_lack=True)
    uscc_state = Word(USCC_STATES, metadata=_said("valid 有效，pending 待补"))
    primary_category = Word(CATEGORIES, metadata=_said("主要登记类别"))
    operating_state = Word(OPERATING_STATES, metadata=_said("经营状态"))
    area_code = _code("属地区划代码")
    area_name = _text("属地区划名称")
    contact_name = _text("联系人，已脱敏")
    contact_phone = _text("联系电话，已脱敏")


class Enterprise(EnterpriseItem):
    """企业."""

    categories = fields.List(Word(CATEGORIES), metadata=_said("登记类别，主要的在前"))
    industry = _text("行业", may_lack=True)
    scale = _text("规模", may_lack=True)
    project_name = _text("项目名称", may_lack=True)
    project_code = _text("项目代码", may_lack=True)
    project_stage = _text("项目阶段", may_lack=True)
    total_investment = fields.String(
        allow_none=True,
        metadata=_said("总投资，万元，两位小数") | {"pattern": r"^[0-9]+\.[0-9]{2}$"},
    )
    managing_area_code = _code("管理区代码，与属地不同时才有", may_lack=True)
    managing_area_name = _text("管理区名称", may_lack=True)
    registered_address = _text("注册地址", may_lack=True)
    operating_address = _text("经营地址", may_lack=True)
    legal_person = _text("法定代表人，已脱敏", may_lack=True)
    contact_title = _text("联系人职务", may_lack=True)
    reporting_organisation_id = _number("报送单位")
    reporting_organisation_name = _text("报送单位名称")
    remark = _text("报送单位的备注，企业侧不显示", may_lack=True)
    visit_preference = Word(
        VISIT_PREFERENCES,
        metadata=_said("走访意愿：any 可走访，only_when_asked 仅在企业提出时走访"),
    )
    closed_on = fields.Date(allow_none=True, metadata=_said("注销日期；未注销为空"))


class HousekeeperQuery(PageQuery):
    """管家列表的筛选."""

    q = _words("姓名中的字、手机号后四位")
    area = _area("所在区划，含下级")


class Housekeeper(Answer):
    """管家."""

    id = _number("管家编号")
    name = _text("姓名")
    phone = _text("手机，已脱敏")
    office_phone = _text("办公电话", may_lack=True)
    organisation_id = _number("工作单位")
    organisation_name = _text("工作单位名称")
    department = _text("科室", may_lack=True)
    job_title = _text("职务", may_lack=True)
    area_code = _code("区划代码")
    area_name = _text("区划名称")
    grade = Word(GRADES, allow_none=True, metadata=_said("层级"))
    duty_state = Word(DUTY_STATES, metadata=_said("在岗状态"))


class HousekeeperLoad(Answer):
    """管家的负荷."""

    housekeeper_id = _number("管家编号")
    lead_pairings = _number("作为管家正在对接的企业数")
    key_pairings = _number("其中重点项目数")
    other_pairings = _number("其中其他企业数")
    deputy_pairings = _number("作为副管家正在对接的企业数")
    waiting_pairings = _number("待确认、待启用的结对数")
    open_tickets = _number("尚未结束的诉求数")
    key_limit = _number("重点项目的上限；未设则为空", may_lack=True)
    other_limit = _number("其他企业的上限；未设则为空", may_lack=True)
    is_key_limit_exceeded = fields.Boolean(metadata=_said("重点项目是否超出上限；只提示"))
    is_other_limit_exceeded = fields.Boolean(metadata=_said("其他企业是否超出上限；只提示"))
    warnings = fields.List(fields.String(), metadata=_said("超出上限的提示"))


class PairingItem(Answer):
    """结对."""

    id = _number("结对编号")
    role = Word(PAIRING_ROLES, metadata=_said("lead 管家，deputy 副管家"))
    state = Word(PAIRING_STATES, metadata=_said("已提出、已确认、生效、交接中、已结束"))
    housekeeper_id = _number("管家编号")
    housekeeper_name = _text("管家姓名")
    job_title = _text("职务", may_lack=True)
    office_phone = _text("办公电话", may_lack=True)
    organisation_id = _number("工作单位")
    organisation_name = _text("工作单位名称")
    proposed_at = _instant("提出时间")
    started_at = _instant("开始时间", may_lack=True)
    ended_at = _instant("结束时间", may_lack=True)


AreaPage = page_schema(AreaItem, "按代码排列")
CategoryPage = page_schema(CategoryItem, "按显示顺序")
OrganisationPage = page_schema(Organisation, "按名称排列")
EnterprisePage = page_schema(EnterpriseItem, "按编号排列")
HousekeeperPage = page_schema(Housekeeper, "按编号排列")
PairingPage = page_schema(PairingItem, "新的在前")
