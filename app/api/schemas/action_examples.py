"""One plausible body for each action on tickets, as the document shows it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from app.api.schemas import merging
from app.api.schemas.actions import (
    acceptance,
    aftercare,
    coordination,
    handling,
    intake,
    rectification,
    rework,
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
    coordination.DispatchBody: {
        "lead_organisation_id": 12,
        "co_organisation_ids": [15],
        "instruction": "请三日内到现场核实。",
    },
    handling.AnswerBody: ANSWER,
    handling.SignForBody: {},
    handling.OpinionBody: {"opinion": "现场具备增容条件，我单位同意该方案。"},
    handling.ApprovalBody: {"approved": True},
    aftercare.ReceiptBody: {"note": "已电话告知企业经办人。"},
    aftercare.RevisitBody: {
        "is_reached": True,
        "outcome": "solved",
        "was_contacted": True,
        "is_reply_true": True,
        "is_clear": True,
        "satisfaction": 5,
    },
    aftercare.RatingBody: {"level": 5, "comment": "办得很快。"},
    merging.MergeBody: {"parent_number": "AS20261123-000123", "reason": "同一变压器的增容诉求。"},
    merging.UnmergeBody: {"reason": "两件事项不同，分别办理。"},
    rework.ObjectionBody: {"reason": "答复称已完成增容，现场并未施工。"},
    rework.ReworkBody: {"reason": "抽查发现答复与现场不符。"},
    rectification.ReviewContactBody: {"is_reached": True, "note": "已电话联系，企业反映无人到场。"},
    rectification.ReviewVerdictBody: {"verdict": "fixed", "explanation": "已补办增容手续并送电。"},
    rectification.SetAsideBody: {"approved": True, "note": "评价对象有误，企业已书面确认。"},
    rectification.TicketClosureBody: {"reason": "企业书面表示无需评价。"},
}
