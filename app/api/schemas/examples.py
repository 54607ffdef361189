"""One plausible body for each action, as the document shows it. Tests load every one of them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from app.api.schemas import accounts, delegations, handovers, members, pairings
from app.api.schemas.action_examples import ACTION_EXAMPLES
from app.api.schemas.areas import ZoneBody
from app.api.schemas.bulk import BulkBody
from app.api.schemas.content_checks import ContentAppealBody, ContentRulingBody
from app.api.schemas.data_requests import ClosingBody, DataAnswerBody, DataRequestBody
from app.api.schemas.dispatch_templates import TemplateBody, TemplateChanges
from app.api.schemas.enterprises import CreditBody, EnterpriseBody, EnterpriseChanges
from app.api.schemas.exports import ExportBody, ExportRuling
from app.api.schemas.flow_rules import RuleBody
from app.api.schemas.follow_ups import VisitReportBody, VisitSkipBody
from app.api.schemas.inspections import InspectionBody
from app.api.schemas.jobs import JobReason, PauseBody
from app.api.schemas.legal_holds import HoldBody
from app.api.schemas.message_templates import PreviewBody
from app.api.schemas.organisations import OrganisationBody, OrganisationChanges
from app.api.schemas.own_login import GeneratorCode, PasswordChange, Proof
from app.api.schemas.phone_tasks import CallBody
from app.api.schemas.program_codes import InvitationSecret
from app.api.schemas.program_links import InvitationLinkBody, LinkBody
from app.api.schemas.pushes import ServiceMessageNote
from app.api.schemas.register_conflicts import SettlementBody
from app.api.schemas.reveals import ContactReveal, RevealReason
from app.api.schemas.rung_recipients import RecipientBody, RecipientsBody
from app.api.schemas.session import (
    PasswordLogin,
    PhoneCode,
    RefreshRequest,
    SecondStep,
    WeChatCode,
)
from app.api.schemas.sla_policies import PolicyBody
from app.api.schemas.subscriptions import PopupBody
from app.api.schemas.supervision_examples import SUPERVISION_EXAMPLES
from app.api.schemas.testing import ClockAdvance
from app.api.schemas.wecom import WeComCode
from app.api.schemas.work_calendars import EditionBody, LocalHoursBody, PeriodBody

EXAMPLES: Mapping[type[Schema], Mapping[str, Any]] = {
    **ACTION_EXAMPLES,
    **SUPERVISION_EXAMPLES,
    PasswordLogin: {"login": "coordinator", "password": "由管理员发放的密码"},
    SecondStep: {"challenge": "输入密码后得到的质询", "code": "305718"},
    PasswordChange: {"current": "由管理员发放的密码", "new": "Kettle-Arrow-81"},
    Proof: {"password": "现在的密码"},
    GeneratorCode: {"code": "305718"},
    ContentRulingBody: {"ruling": "hold_back", "reason": "含有辱骂他人的言辞。"},
    ContentAppealBody: {"reason": "所引是对方短信的原话，用以说明情况。"},
    CallBody: {"outcome": "not_reached"},
    PreviewBody: {"ticket_number": "AS20260601-000123", "audience": "enterprise"},
    RefreshRequest: {"refresh_token": "登录时得到的刷新令牌"},
    WeComCode: {"code": "hbyMQ6PXx4lqRmVbP3iJ3GmSmvNtmuFEbVwqZyZ5d2o"},
    WeChatCode: {"code": "0f3Kcx000a1bQR1XyZ200Wz1Yx0Kcx0E"},
    PhoneCode: {"code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144"},
    members.InvitationBody: {"role": "enterprise_staff"},
    members.InvitedVisitor: {
        "code": "pJ0Q3m8XyB1cK5vT7nR2dA",
        "name": "赵敏",
        "phone_code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144",
    },
    members.InvitationCode: {"code": "pJ0Q3m8XyB1cK5vT7nR2dA"},
    InvitationLinkBody: {"code": "pJ0Q3m8XyB1cK5vT7nR2dA", "form": "url_link"},
    LinkBody: {"form": "url_link"},
    InvitationSecret: {"code": "pJ0Q3m8XyB1cK5vT7nR2dA"},
    members.JoinRequest: {
        "uscc": "91210302MA0UQRB27Y",
        "name": "赵敏",
        "phone_code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144",
        "note": "本企业行政主管。",
    },
    members.DecisionBody: {"approved": True, "role": "enterprise_staff"},
    members.ClosureBody: {"reason": "登记机关已于 11 月 20 日准予注销。"},
    VisitReportBody: {
        "is_reached": True,
        "outcome": "well",
        "note": "用电正常，没有新的问题。",
    },
    VisitSkipBody: {"reason": "上周走访时已当面了解。"},
    members.VisitWish: {"visit_preference": "only_when_asked"},
    EnterpriseBody: {
        "name": "鞍山宏远机械有限公司",
        "uscc": "91210302MA0UQRB27Y",
        "categories": ["规上工业"],
        "area_code": "210302002000",
        "contact_name": "赵敏",
        "contact_phone": "13904120021",
        "total_investment": "1200.00",
    },
    EnterpriseChanges: {"contact_name": "钱进", "contact_phone": "13904120022"},
    ZoneBody: {"name": "鞍山高新技术产业开发区", "parent_code": "210300000000"},
    OrganisationBody: {
        "name": "国家税务总局鞍山市铁东区税务局",
        "kind": "vertical",
        "parent_id": None,
        "office_phone": "0412-5550120",
        "handles_categories": ["finance"],
        "unit_head": {"name": "孙志强", "phone": "13800005521"},
    },
    OrganisationChanges: {"office_phone": "0412-5550121", "deputy_leader": {"name": "吴敏"}},
    SettlementBody: {"decision": "kept", "reason": "企业所在区已核实，由区里继续报送。"},
    BulkBody: {
        "action": "first_contact",
        "items": [
            {
                "number": "AS20260601-000123",
                "version": 1,
                "facts": {"note": "已电话联系企业了解情况。"},
            },
            {
                "number": "AS20260601-000124",
                "version": 2,
                "facts": {"note": "已电话联系企业了解情况。"},
            },
        ],
    },
    ExportBody: {
        "kind": "tickets",
        "filters": {"area": "210302000000", "submitted_from": "2026-04-01"},
        "purpose": "二季度诉求办理情况分析",
    },
    ExportRuling: {"approved": True, "note": "仅限本次分析使用。"},
    InspectionBody: {"reason": "企业反映超期未答复，核实办理经过"},
    RevealReason: {"reason": "回访时需要核实联系人"},
    ContactReveal: {"fields": ["contact_name", "contact_phone"], "reason": "约定上门走访的时间"},
    ClockAdvance: {"advance_minutes": 480},
    accounts.AccountBody: {"login": "zhang.wei", "name": "张伟", "phone": "13900000000"},
    accounts.AccountChanges: {"name": "张炜"},
    accounts.DisablingBody: {"reason": "已退休。"},
    accounts.EnablingBody: {"reason": "返聘。"},
    accounts.MembershipEndBody: {"reason": "岗位调整。"},
    accounts.GrantBody: {
        "role": "supervisor",
        "area_code": "210300000000",
        "reason": "营商局督查科岗位职责。",
    },
    delegations.DelegationBody: {
        "delegate_housekeeper_id": 31,
        "valid_until": "2100-06-08T08:30:00+08:00",
        "reason": "外出培训一周。",
    },
    delegations.DelegationEndBody: {"reason": "提前返岗。"},
    accounts.MoveBody: {
        "organisation_id": 12,
        "area_code": "210302000000",
        "roles": ["handler"],
        "reason": "组织部门调令。",
    },
    DataRequestBody: {"kind": "export", "words": "请提供贵系统保存的本人信息。"},
    DataAnswerBody: {"outcome": "done", "answer": "已核实身份，可在“我的请求”中取得副本。"},
    ClosingBody: {"login": "输入本人的登录名以确认"},
    CreditBody: {"is_discredited": True, "reason": "已列入失信惩戒名单，尚未修复。"},
    ServiceMessageNote: {"note": "已电话联系，代企业提交诉求 AS20261123-000123。"},
    TemplateBody: {
        "code": "joint_visit",
        "name": "联合踏勘",
        "instruction": "请三个工作日内共同踏勘并反馈意见，逾期未反馈的视为同意。",
        "silence_is_consent": True,
    },
    TemplateChanges: {"is_active": False},
    JobReason: {"reason": "数据修复后核对一次。"},
    PauseBody: {"reason": "今晚迁移文件存储，期间不生成文件。"},
    HoldBody: {
        "subject_kind": "ticket",
        "subject": "AS20261123-000123",
        "reason": "法院调取证据，案号（2026）辽 03 民初 12 号。",
    },
    PolicyBody: {
        "ticket_class": "complex",
        "clock": "finish",
        "amount": 12,
        "unit": "working_days",
        "effective_from": "2100-01-01",
        "total_days": 24,
        "ladder": {
            "nudge_percent": 50,
            "remind_percent": 75,
            "yellow_percent": 85,
            "order_days": 2,
            "bulletin_days": 5,
            "escalation_days": 10,
        },
        "reason": "市营商局关于压缩复杂诉求办理时限的通知。",
    },
    RuleBody: {
        "name": "supplement_notices",
        "amount": 1,
        "effective_from": "2100-01-01",
        "reason": "市营商局关于减少补正次数的通知。",
    },
    RecipientBody: {"audience": "coordinators", "channel": "phone"},
    RecipientsBody: {
        "rung": "yellow",
        "clock": None,
        "ticket_class": "consult",
        "recipients": [
            {"audience": "housekeeper", "channel": "phone"},
            {"audience": "clock_unit", "channel": "phone"},
        ],
        "effective_from": "2100-01-01",
        "reason": "咨询件的黄牌只提醒承办的人。",
    },
    PeriodBody: {"start": "08:30", "end": "12:00"},
    LocalHoursBody: {
        "area": "2103",
        "from": "06-01",
        "to": "09-30",
        "periods": [{"start": "08:00", "end": "12:00"}, {"start": "14:00", "end": "18:00"}],
    },
    EditionBody: {
        "source": "国务院办公厅关于2027年部分节假日安排的通知",
        "year": 2027,
        "holidays": ["2027-01-01..2027-01-03", "2027-02-05..2027-02-11"],
        "workdays": ["2027-02-20"],
    },
    PopupBody: {
        "answers": [
            {"template_id": "xLmMYz9ZQf7b0mEE1cUXWl0dhX3pCkTnVgFQk0C2u8I", "result": "accept"},
            {"template_id": "p3bYq5o7jRk1W2dHq8sC4nV6tZ0uLxA9eF7gB1mK5Ts", "result": "reject"},
        ],
        "asked_id": "popup-20261123-8f2c41",
    },
    pairings.PairingBody: {
        "enterprise_id": 86,
        "housekeeper_id": 17,
        "role": "lead",
        "note": "企业在解放街道，由街道干部对接。",
    },
    pairings.PairingDeclineBody: {"note": "该同志下月轮岗，请另选一位。"},
    pairings.PairingEndBody: {"reason": "left", "note": "已调离街道。"},
    pairings.PairingLimitBody: {
        "grade": "社区网格",
        "kind": "other",
        "amount": 40,
        "effective_from": "2027-01-01",
    },
    pairings.ProposalRunBody: {"area": "210302002000", "category": "其他", "dry_run": True},
    handovers.HandoverBody: {"reason": "transfer", "receiver_id": 18, "note": "下周到市局报到。"},
    pairings.ChangeRequestBody: {},
    pairings.HousekeeperChangeSettlement: {
        "housekeeper_id": 18,
        "explanation": "已为您另选一位管家。",
    },
    pairings.RecusalBody: {"enterprise_id": 86, "housekeeper_id": 17},
}
