"""诉求的字段: what a ticket looks like in answers, and how lists are asked for."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import (
    AREA_CODE,
    NUMBER,
    Answer,
    Choice,
    Day,
    Number,
    SearchText,
    Text,
    Word,
    identifier,
)
from app.api.schemas.ticket_parts import (
    AssignmentItem,
    FileItem,
    MatterItem,
    RatingItem,
    RefusalItem,
    ReplyItem,
    RevisitItem,
    SupplementItem,
)
from app.domain.actor import Role
from app.domain.labels import ACTION
from app.domain.sla_clock import Light
from app.domain.vocabulary import (
    Channel,
    EscalationCause,
    Kind,
    LapseGround,
    ResultCode,
    Status,
    Step,
    TicketClass,
)
from services.tickets import find
from services.tickets.queues import NAMES

ACTIONS = tuple(action.value for action in ACTION)


def _said(text: str, **more: object) -> dict[str, object]:
    return {"description": text} | more


class TicketQuery(PageQuery):
    """诉求列表的筛选."""

    queue = Word(NAMES, metadata=_said("队列；todo 为等待我处理的全部"))
    status = Choice(Status, metadata=_said("状态"))
    light = Choice(Light, metadata=_said("亮灯"))
    ticket_class = Choice(TicketClass, metadata=_said("分级"))
    kind = Choice(Kind, metadata=_said("性质"))
    category = Text(1, 40, metadata=_said("类别代码"))
    tier = Number(
        1, 3, strict=False, metadata=_said("层级：1 专班协调，2 中心主任会商，3 联席会议")
    )
    cause = Choice(EscalationCause, metadata=_said("提级的原因"))
    area = Text(12, 12, metadata=_said("区划代码，含下级"))
    organisation = identifier(strict=False, metadata=_said("主办单位"))
    enterprise = identifier(strict=False, metadata=_said("企业"))
    q = SearchText(
        2,
        40,
        metadata=_said(
            "编号、标题、内容开头、企业名称中的词，信用代码，联系人姓名，电话或其后四位"
        ),
    )
    submitted_from = Day(metadata=_said("提交日期起（含）"))
    submitted_to = Day(metadata=_said("提交日期止（不含）"))
    accepted_from = Day(metadata=_said("受理日期起（含）"))
    accepted_to = Day(metadata=_said("受理日期止（不含）"))
    completed_from = Day(metadata=_said("办结日期起（含）"))
    completed_to = Day(metadata=_said("办结日期止（不含）"))
    due_from = Day(metadata=_said("到期日期起（含）"))
    due_to = Day(metadata=_said("到期日期止（不含）"))
    sort = Word(
        tuple(find.SORTS),
        load_default="due_at",
        metadata=_said("排序：due_at 先到期在前，-submitted_at 新提交在前，-changed_at 新变化在前"),
    )


class Named(Answer):
    """有编号和名称的对象."""

    id = fields.Integer(metadata=_said("编号"))
    name = fields.String(metadata=_said("名称"))


class EnterpriseName(Answer):
    """企业；匿名诉求对承办单位不显示."""

    id = fields.Integer(allow_none=True, metadata=_said("编号；匿名时为空"))
    name = fields.String(metadata=_said("名称"))


class CategoryName(Answer):
    """类别."""

    code = fields.String(metadata=_said("类别代码"))
    name = fields.String(metadata=_said("类别名称"))


class HousekeeperCard(Named):
    """管家公示信息."""

    office_phone = fields.String(allow_none=True, metadata=_said("办公电话"))


def _instant(text: str, *, may_lack: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=may_lack, metadata=_said(text))


class TicketItem(Answer):
    """列表中的诉求."""

    number = fields.String(metadata=_said("编号", pattern=NUMBER, examples=["AS20261123-000123"]))
    title = fields.String(metadata=_said("标题；不能显示时为“内容审核中”"))
    is_withheld = fields.Boolean(
        metadata=_said("标题和内容是否正在审核、暂不对您显示；提交人和办理人员始终看得到")
    )
    kind = Choice(Kind, metadata=_said("性质"))
    channel = Choice(Channel, metadata=_said("来源"))
    ticket_class = Choice(TicketClass, allow_none=True, metadata=_said("分级，受理后确定"))
    category = fields.Nested(CategoryName, allow_none=True, metadata=_said("类别"))
    enterprise = fields.Nested(EnterpriseName, metadata=_said("企业"))
    housekeeper = fields.Nested(HousekeeperCard, allow_none=True, metadata=_said("管家"))
    area_code = fields.String(metadata=_said("区划代码", pattern=f"^{AREA_CODE}$"))
    status = Choice(Status, metadata=_said("状态"))
    status_label = fields.String(metadata=_said("状态名称"))
    step = Choice(Step, metadata=_said("六步中的哪一步"))
    step_label = fields.String(metadata=_said("步骤名称"))
    round = fields.Integer(metadata=_said("第几轮办理"))
    version = fields.Integer(metadata=_said("版本，同 ETag"))
    tier = fields.Integer(
        metadata=_said("层级：1 专班协调，2 中心主任会商，3 联席会议", minimum=1, maximum=3)
    )
    tier_label = fields.String(metadata=_said("层级名称"))
    escalation_cause = Choice(
        EscalationCause, allow_none=True, metadata=_said("提级的原因；未提级为空")
    )
    is_confidential = fields.Boolean(metadata=_said("是否保密"))
    is_unreasonable = fields.Boolean(metadata=_said("是否已认定为不合理诉求；不计入评分和统计"))
    is_anonymous = fields.Boolean(metadata=_said("是否匿名：承办单位看不到企业和联系人"))
    submitted_at = _instant("提交时间")
    changed_at = _instant("最近变化时间")
    due_at = _instant("当前时限的到期时间；暂停或没有时限时为空", may_lack=True)
    yellow_at = _instant("黄牌时间", may_lack=True)
    remaining_minutes = fields.Integer(
        allow_none=True, metadata=_said("剩余分钟；按工作日、工作小时计的为工作分钟；负数为已超期")
    )
    is_provisional = fields.Boolean(
        metadata=_said("到期时间算到了放假安排尚未公布的年份，公布后可能调整")
    )
    light = Choice(Light, metadata=_said("亮灯"))
    urge_count = fields.Integer(metadata=_said("被催办过几次"))
    urged_at = _instant("最近一次催办的时间", may_lack=True)
    is_urged = fields.Boolean(metadata=_said("催办之后还没有人受理、联系企业或反馈进展"))
    allowed_actions = fields.List(Word(ACTIONS), metadata=_said("您现在可以做的操作"))


TicketPage = page_schema(TicketItem, "一页诉求")


class Contact(Answer):
    """联系人，已脱敏."""

    name = fields.String(allow_none=True, metadata=_said("姓名"))
    phone = fields.String(metadata=_said("电话", examples=["138****1234"]))


class TicketDetail(TicketItem):
    """一件诉求. The enterprise does not read what stays inside."""

    sometimes = frozenset({"assignments", "refusal", "revisit", "intake_organisation_id"})

    body = fields.String(metadata=_said("内容"))
    contacted_at = _instant("首次联系时间", may_lack=True)
    urge_again_at = _instant("何时起可以再次催办；没有催办过的为空", may_lack=True)
    contact_confirmed = fields.Boolean(
        allow_none=True, metadata=_said("企业是否确认了首次联系；未表态为空")
    )
    accepted_at = _instant("受理时间", may_lack=True)
    first_completed_at = _instant("首次办结时间；重办后不变", may_lack=True)
    completed_at = _instant("最近一轮办结（放行答复）时间", may_lack=True)
    delivered_at = _instant("反馈送达时间", may_lack=True)
    archived_at = _instant("归档时间", may_lack=True)
    refused_at = _instant("不予受理时间", may_lack=True)
    withdrawn_at = _instant("撤回时间", may_lack=True)
    transferred_to = fields.String(allow_none=True, metadata=_said("转给了哪个机关"))
    transferred_at = _instant("转出时间", may_lack=True)
    lapse_ground = Choice(
        LapseGround, allow_none=True, metadata=_said("视为撤回的原因；有原因的可以重新提交")
    )
    resubmitted_from = fields.String(
        allow_none=True, metadata=_said("由哪件诉求重新提交而来") | {"pattern": NUMBER}
    )
    resubmitted_as = fields.String(
        allow_none=True, metadata=_said("已重新提交为哪件诉求") | {"pattern": NUMBER}
    )
    parent_number = fields.String(
        allow_none=True,
        metadata=_said("已并入哪件诉求；跨企业的只有协调员和督导可见") | {"pattern": NUMBER},
    )
    promised_days = fields.Integer(allow_none=True, metadata=_said("审批事项承诺的工作日数"))
    result_code = Choice(ResultCode, allow_none=True, metadata=_said("办理结果"))
    level = fields.Integer(
        allow_none=True, metadata=_said("评价等级 5–1；未评价为空", minimum=1, maximum=5)
    )
    contact = fields.Nested(Contact, allow_none=True, metadata=_said("本件联系人"))
    reply = fields.Nested(ReplyItem, allow_none=True, metadata=_said("本轮答复"))
    rating = fields.Nested(RatingItem, allow_none=True, metadata=_said("本轮评价；未评价为空"))
    supplements = fields.List(fields.Nested(SupplementItem), metadata=_said("补正"))
    matters = fields.List(fields.Nested(MatterItem), metadata=_said("事项"))
    attachments = fields.List(fields.Nested(FileItem), metadata=_said("附件"))
    assignments = fields.List(fields.Nested(AssignmentItem), metadata=_said("子工单"))
    refusal = fields.Nested(RefusalItem, allow_none=True, metadata=_said("不予受理的意见"))
    revisit = fields.Nested(RevisitItem, allow_none=True, metadata=_said("本轮回访"))
    intake_organisation_id = fields.Integer(allow_none=True, metadata=_said("受理登记单位"))


class EventItem(Answer):
    """诉求事件."""

    seq = fields.Integer(metadata=_said("序号"))
    round = fields.Integer(metadata=_said("轮次"))
    action = Word(ACTIONS, metadata=_said("操作"))
    action_label = fields.String(metadata=_said("操作名称"))
    from_status = Choice(Status, allow_none=True, metadata=_said("之前的状态"))
    to_status = Choice(Status, metadata=_said("之后的状态"))
    at = fields.AwareDateTime(metadata=_said("时间"))
    actor_name = fields.String(allow_none=True, metadata=_said("操作人，企业侧不显示"))
    role = Choice(Role, metadata=_said("角色"))
    role_label = fields.String(metadata=_said("角色名称"))
    organisation_name = fields.String(allow_none=True, metadata=_said("单位"))
    facts = fields.Dict(metadata=_said("内容"))


class EventQuery(PageQuery):
    """事件列表的分页."""


EventPage = page_schema(EventItem, "一页事件，先发生的在前")
