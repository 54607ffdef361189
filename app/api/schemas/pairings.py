"""结对、上限、回避的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.directory import PAIRING_ROLES, PAIRING_STATES
from app.api.schemas.fields import (
    AREA_CODE,
    MAX_ID,
    Answer,
    Choice,
    Day,
    Flag,
    Number,
    Strict,
    Text,
    Word,
    identifier,
)
from app.domain.pairing_flow import EndReason, PairingRole
from app.domain.pairing_grounds import Rule
from app.domain.pairing_load import LoadKind
from app.domain.register import CATEGORIES, GRADES

CHANGE_STATES = ("open", "granted", "declined")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _text(text: str, *, may_lack: bool = False) -> fields.String:
    return fields.String(allow_none=may_lack, metadata=_said(text))


def _number(text: str, *, may_lack: bool = False) -> fields.Integer:
    return fields.Integer(allow_none=may_lack, metadata=_said(text))


def _instant(text: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, metadata=_said(text))


def _asked(text: str) -> Number:
    return identifier(strict=False, load_default=None, metadata=_said(text))


def _note(text: str) -> Text:
    return Text(1, 500, load_default=None, metadata=_said(text))


def _area() -> Text:
    return Text(12, 12, pattern=AREA_CODE, load_default=None, metadata=_said("区划，含下级"))


class PairingQuery(PageQuery):
    """结对的筛选."""

    enterprise = _asked("企业编号")
    housekeeper = _asked("管家编号")
    role = Word(PAIRING_ROLES, load_default=None, metadata=_said("lead 管家，deputy 副管家"))
    state = Word(PAIRING_STATES, load_default=None, metadata=_said("状态"))
    on = Day(load_default=None, metadata=_said("这一天由谁负责：当天任一时刻生效的结对"))


class PairingBody(Strict):
    """提出结对."""

    enterprise_id = identifier(required=True, metadata=_said("企业编号"))
    housekeeper_id = identifier(required=True, metadata=_said("管家编号"))
    role = Choice(
        PairingRole, load_default=PairingRole.LEAD, metadata=_said("lead 管家，deputy 副管家")
    )
    note = _note("提出的理由，仅内部可见")


class PairingDeclineBody(Strict):
    """不予确认."""

    note = Text(2, 500, required=True, metadata=_said("不予确认的理由，仅内部可见"))


class PairingEndBody(Strict):
    """结束结对."""

    reason = Choice(EndReason, required=True, metadata=_said("结束的原因"))
    note = _note("说明，仅内部可见")


class Grounds(Answer):
    """为什么是这位管家."""

    rule = Choice(Rule, metadata=_said("依据"))
    rule_label = _text("依据的说明")
    carried = _number("提出时该管家作为 A 角的结对数，含待确认的", may_lack=True)
    alternatives = _number("同样符合条件的其他管家数；由人或登记表指定时为空", may_lack=True)
    note = _text("提出的理由", may_lack=True)


class PairingDetail(Answer):
    """一项结对."""

    id = _number("结对编号")
    role = Word(PAIRING_ROLES, metadata=_said("lead 管家，deputy 副管家"))
    state = Word(PAIRING_STATES, metadata=_said("已提出、已确认、生效、交接中、已结束"))
    enterprise_id = _number("企业编号")
    enterprise_name = _text("企业名称")
    housekeeper_id = _number("管家编号")
    housekeeper_name = _text("管家姓名")
    job_title = _text("职务", may_lack=True)
    office_phone = _text("办公电话", may_lack=True)
    organisation_id = _number("工作单位")
    organisation_name = _text("工作单位名称")
    proposed_at = fields.AwareDateTime(metadata=_said("提出时间"))
    confirmed_at = _instant("确认时间")
    started_at = _instant("开始时间")
    ended_at = _instant("结束时间")
    end_reason = Choice(EndReason, allow_none=True, metadata=_said("结束的原因"))
    handover_id = _number("所属交接，企业侧不显示", may_lack=True)
    end_note = _text("结束的说明，企业侧不显示", may_lack=True)
    grounds = fields.Nested(
        Grounds, allow_none=True, metadata=_said("为什么是这位管家，企业侧不显示")
    )
    proposed_by = _text("提出人，企业侧不显示", may_lack=True)
    confirmed_by = _text("确认人，企业侧不显示", may_lack=True)
    ended_by = _text("结束的操作人，企业侧不显示", may_lack=True)


class PairingDecided(PairingDetail):
    """一项结对，及负荷提示."""

    warnings = fields.List(fields.String(), metadata=_said("超出结对上限的提示，不影响办理"))


class ProposalRunBody(Strict):
    """自动提出结对."""

    area = Text(12, 12, pattern=AREA_CODE, required=True, metadata=_said("区划，含下级"))
    category = Word(CATEGORIES, required=True, metadata=_said("主要登记类别"))
    dry_run = Flag(load_default=False, metadata=_said("只看结果，不提出"))
    after = Number(
        0, MAX_ID, load_default=0, metadata=_said("从这个企业编号之后接着办，取自上次的 next_after")
    )
    limit = Number(1, 1000, load_default=1000, metadata=_said("本次最多多少家企业"))


class ProposedPairing(Answer):
    """自动提出的一项结对."""

    enterprise_id = _number("企业编号")
    housekeeper_id = _number("管家编号")
    housekeeper_name = _text("管家姓名")
    grounds = fields.Nested(Grounds, metadata=_said("为什么是这位管家"))


class ProposalRun(Answer):
    """自动提出结对的结果."""

    proposed = fields.List(fields.Nested(ProposedPairing), metadata=_said("提出的结对"))
    without_candidate = fields.List(
        fields.Integer(), metadata=_said("没有合适管家的企业编号，须由人指定")
    )
    left = _number("尚未办到的企业数")
    next_after = _number("下次从哪里接着办；没有剩余则为空", may_lack=True)


class PairingLimitBody(Strict):
    """结对上限."""

    grade = Word(
        GRADES, load_default=None, metadata=_said("管家层级；不带则适用于没有单独规定的层级")
    )
    kind = Choice(LoadKind, required=True, metadata=_said("key 重点项目，other 其他企业"))
    amount = Number(0, 10_000, required=True, metadata=_said("最多多少家，只提示不限制"))
    effective_from = Day(required=True, metadata=_said("自哪天起，不早于今天"))


class PairingLimitItem(Answer):
    """结对上限."""

    grade = Word(GRADES, allow_none=True, metadata=_said("管家层级；为空则适用于其余层级"))
    kind = Choice(LoadKind, metadata=_said("key 重点项目，other 其他企业"))
    amount = _number("最多多少家")
    effective_from = fields.Date(metadata=_said("自哪天起"))


class PairingLimits(Answer):
    """结对上限，同类中新的在前."""

    items = fields.List(fields.Nested(PairingLimitItem), metadata=_said("同类中新的在前"))


class RecusalBody(Strict):
    """登记回避：管家或单位之一."""

    enterprise_id = identifier(required=True, metadata=_said("企业编号"))
    housekeeper_id = identifier(load_default=None, metadata=_said("有亲属关系的管家"))
    organisation_id = identifier(load_default=None, metadata=_said("正在检查该企业的单位"))
    note = _note("说明，请勿写明亲属姓名")


class RecusalItem(Answer):
    """回避."""

    id = _number("回避编号")
    enterprise_id = _number("企业编号")
    enterprise_name = _text("企业名称")
    kind = Word(("relative", "inspecting"), metadata=_said("relative 亲属，inspecting 正在检查"))
    housekeeper_id = _number("管家编号", may_lack=True)
    housekeeper_name = _text("管家姓名", may_lack=True)
    organisation_id = _number("单位编号", may_lack=True)
    organisation_name = _text("单位名称", may_lack=True)
    note = _text("说明", may_lack=True)
    recorded_at = fields.AwareDateTime(metadata=_said("登记时间"))
    lifted_at = _instant("解除时间；仍须回避则为空")


class LoadQuery(PageQuery):
    """负荷一览的筛选."""

    area = _area()


class LoadItem(Answer):
    """一名管家的负荷."""

    housekeeper_id = _number("管家编号")
    name = _text("姓名")
    organisation_id = _number("工作单位")
    organisation_name = _text("工作单位名称")
    grade = Word(GRADES, allow_none=True, metadata=_said("层级"))
    key_pairings = _number("正在对接的重点项目数")
    other_pairings = _number("正在对接的其他企业数")
    deputy_pairings = _number("作为副管家对接的企业数")
    waiting_pairings = _number("待确认、待启用的结对数")
    key_limit = _number("重点项目的上限", may_lack=True)
    other_limit = _number("其他企业的上限", may_lack=True)
    warnings = fields.List(fields.String(), metadata=_said("超出上限的提示"))


class ChangeRequestBody(Strict):
    """请求更换管家."""

    wish = _note("希望，可以不填")


class HousekeeperChangeSettlement(Strict):
    """答复更换管家的请求."""

    housekeeper_id = identifier(load_default=None, metadata=_said("改由哪位管家；不更换则不带"))
    explanation = _note("给企业的说明；不更换时必填")


class ChangeRequestQuery(PageQuery):
    """更换管家请求的筛选."""

    state = Word(CHANGE_STATES, load_default=None, metadata=_said("状态"))


class ChangeRequestItem(Answer):
    """更换管家的请求."""

    id = _number("请求编号")
    enterprise_id = _number("企业编号")
    enterprise_name = _text("企业名称")
    quarter = _text("季度，如 2026Q4")
    state = Word(CHANGE_STATES, metadata=_said("open 待答复，granted 已另提管家，declined 未更换"))
    wish = _text("企业的希望", may_lack=True)
    requested_at = fields.AwareDateTime(metadata=_said("请求时间"))
    settled_at = _instant("答复时间")
    explanation = _text("给企业的说明", may_lack=True)
    pairing_id = _number("为此提出的结对", may_lack=True)


PairingDetailPage = page_schema(PairingDetail, "新的在前")
RecusalPage = page_schema(RecusalItem, "新的在前")
LoadPage = page_schema(LoadItem, "按姓名排列，不按负荷排名")
ChangeRequestPage = page_schema(ChangeRequestItem, "新的在前")
