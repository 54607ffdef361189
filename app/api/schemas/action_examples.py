"""One plausible body for each action on tickets, as the document shows it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from app.api.schemas import merging
from app.api.schemas.actions import (
    acceptance,
    aftercare,
    commenting,
    coordination,
    deferral,
    delays,
    handling,
    intake,
    judging,
    progress,
    purging,
    rectification,
    retarget,
    returning,
    rework,
    tiers,
    urging,
)

ANSWER = {
    "result_code": "solved",
    "answer": "经协调供电公司，已于 6 月 3 日完成增容，现可正常用电。",
    "is_contacted": True,
    "contacted_at": "2026-06-03T10:20:00+08:00",
    "is_claim_true": True,
    "handling_note": "6 月 2 日现场踏勘，3 日送电。",
}

ACTION_EXAMPLES: Mapping[type[Schema], Mapping[str, Any]] = {
    intake.SubmissionBody: {
        "title": "厂区用电增容",
        "body": "新生产线 7 月投产，现有变压器容量不足，请协调增容。",
        "kind": "request",
        "category_code": "utilities",
    },
    acceptance.FirstContactBody: {"note": "已电话联系企业，约定明天上午到厂了解情况。"},
    acceptance.ContactConfirmationBody: {"was_contacted": False, "note": "当天没有接到电话。"},
    acceptance.AcceptanceBody: {"ticket_class": "normal", "category_code": "utilities"},
    acceptance.RefusalBody: {
        "ground": "other_procedure",
        "explanation": "该事项已进入诉讼程序，请依法院裁判处理。",
        "right_door": "人民法院",
    },
    acceptance.RefusalRulingBody: {"approved": True, "note": "同意。"},
    acceptance.SupplementNoticeBody: {"items": ["供用电合同", "增容申请表"]},
    acceptance.SupplementBody: {"answer": "供用电合同和增容申请表已补充。"},
    acceptance.WithdrawalBody: {"reason": "问题已自行解决。"},
    commenting.CommentBody: {"text": "补充：车间二期的用电清单已经定下来，可以一并考虑。"},
    urging.UrgeBody: {"reason": "设备下周进场，供电仍未落实。"},
    deferral.DeferredMaterialBody: {"answer": "环评批复原件已补齐。"},
    deferral.DeferralFailureBody: {"note": "承诺日期已过，材料仍未补齐。"},
    coordination.TransferOutBody: {
        "receiving_body": "鞍山市工业和信息化局",
        "reason": "按管辖由市级部门办理。",
    },
    coordination.DispatchBody: {
        "lead_organisation_id": 12,
        "co_organisation_ids": [15],
        "instruction": "请三日内到现场核实。",
    },
    returning.ReturnRequestBody: {
        "ground": "not_our_duty",
        "reason": "该路段由市政养护单位管理，不属于本单位职责。",
        "suggested_organisation_id": 15,
    },
    returning.ReturnConsentBody: {"agrees": True, "note": "同意。"},
    returning.ReturnRulingBody: {"upheld": True, "note": "职责分工明确，同意退回。"},
    returning.ConveningBody: {"organisation_ids": [12, 15], "agenda": "确定积水路段的养护责任"},
    returning.ConclusionBody: {
        "minutes": "会商一致：由市政养护单位主办，供电公司协办。",
        "lead_organisation_id": 15,
        "co_organisation_ids": [12],
        "is_binding": True,
    },
    tiers.EscalationBody: {
        "tier": 2,
        "cause": "unit_dispute",
        "explanation": "两个单位对管线归属各执一词，两次协调未果。",
    },
    tiers.JointMeetingBody: {
        "organisation_ids": [12, 15],
        "agenda": "明确管线归属和迁改资金",
        "held_on": "2026-06-12",
    },
    tiers.MeetingConclusionBody: {
        "minutes": "会议议定：由市政养护单位主办迁改，供电公司配合停电。",
        "lead_organisation_id": 15,
        "co_organisation_ids": [12],
        "actions": [
            {"organisation_id": 15, "task": "完成管线迁改", "due_on": "2026-07-10"},
            {"organisation_id": 12, "task": "安排停电窗口", "due_on": "2026-06-30"},
        ],
    },
    tiers.TrackingBody: {
        "owner_organisation_id": 15,
        "owner_account_id": 88,
        "reason": "迁改资金须待省级专项批复，预计下季度下达。",
        "next_review_on": "2026-06-26",
    },
    tiers.TaskDoneBody: {"task_number": 1, "note": "管线已迁改完毕，现场验收合格。"},
    tiers.TrackingReviewBody: {
        "note": "专项资金已列入下季度计划。",
        "next_review_on": "2026-06-18",
    },
    tiers.TrackingEndBody: {"note": "专项资金已下达，恢复办理。"},
    handling.AnswerBody: ANSWER,
    handling.SignForBody: {},
    handling.OpinionBody: {"opinion": "现场具备增容条件，我单位同意该方案。"},
    handling.CountersignatureBody: {"agrees": True},
    handling.ApprovalBody: {"approved": True},
    progress.ProgressBody: {
        "text": "增容设备已发货，预计周三到场安装。",
        "next_report_on": "2026-06-04",
        "contacted_at": "2026-06-02T10:20:00+08:00",
    },
    judging.UnreasonableBody: {
        "ground": "no_legal_basis",
        "explanation": "所要求的补贴没有法律法规或政策依据，相关规定见附后说明。",
    },
    judging.PressureCheckBody: {"was_pressed": False, "note": "已电话核实，企业自愿撤回。"},
    delays.ExtensionBody: {
        "days": 3,
        "reason": "增容设备到货晚于计划，须待安装后送电。",
        "plan": "6 月 9 日设备到场，10 日安装，11 日送电。",
    },
    delays.SuspensionBody: {
        "ground": "testing",
        "reason": "变压器须送检，检测报告五个工作日后出具。",
        "days": 8,
        "next_check_on": "2026-06-10",
        "attachment_ids": [512],
    },
    delays.ResumptionBody: {"note": "检测报告已出具，恢复办理。"},
    delays.RulingBody: {"approved": True, "note": "同意。"},
    aftercare.ReceiptBody: {"note": "已电话告知企业经办人。"},
    aftercare.RevisitBody: {
        "is_reached": True,
        "outcome": "solved",
        "was_contacted": True,
        "is_reply_true": True,
        "is_clear": True,
        "satisfaction": 5,
    },
    retarget.RetargetBody: {
        "reason": "经会商认定为疑难诉求，需多部门协调。",
        "ticket_class": "hard",
    },
    aftercare.RatingBody: {"level": 5, "comment": "办得很快。"},
    merging.MergeBody: {"parent_number": "AS20261123-000123", "reason": "同一变压器的增容诉求。"},
    merging.UnmergeBody: {"reason": "两件事项不同，分别办理。"},
    rework.ObjectionBody: {"reason": "答复称已完成增容，现场并未施工。"},
    rework.ReworkBody: {"reason": "抽查发现答复与现场不符。"},
    rectification.ReviewContactBody: {"is_reached": True, "note": "已电话联系，企业反映无人到场。"},
    rectification.ReviewVerdictBody: {"verdict": "fixed", "explanation": "已补办增容手续并送电。"},
    rectification.SetAsideBody: {"approved": True, "note": "评价对象有误，企业已书面确认。"},
    purging.PurgeBody: {
        "attachment_ids": [512],
        "reason": "误将含客户报价的合同作为附件上传，属商业秘密。",
    },
    rectification.TicketClosureBody: {"reason": "企业书面表示无需评价。"},
}
