"""One plausible body for each action of the supervision, as the document shows it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from app.api.schemas import supervision

SUPERVISION_EXAMPLES: Mapping[type[Schema], Mapping[str, Any]] = {
    supervision.CardExplanation: {"cause": "现场踏勘两次改期，方案 6 月 8 日才定。"},
    supervision.CardAppeal: {"grounds": "5 月 28 日起等待企业补充图纸，已报批挂起。"},
    supervision.CardRuling: {"is_void": True, "note": "情况属实，予以作废。"},
    supervision.OrderProposal: {
        "ticket_number": "AS20260601-000017",
        "organisation_id": 12,
        "grounds": "企业三次反映没有进展。",
    },
    supervision.OrderIssue: {"requirement": "三个工作日内拿出方案并答复企业。", "working_days": 3},
    supervision.OrderReply: {"note": "已与企业商定方案，6 月 15 日前完成送电。"},
    supervision.OrderReturn: {"note": "变压器产权属园区，不在我单位职责内。"},
    supervision.OrderRuling: {"approved": True, "note": "同意。"},
    supervision.PaperClosure: {"note": "已整改到位。"},
    supervision.LetterBody: {
        "organisation_id": 12,
        "ticket_numbers": ["AS20260601-000017"],
        "facts": "该诉求 6 月 8 日到期，至今没有办结。",
    },
    supervision.LetterSending: {
        "basis": "企业诉求闭环办理规则第十二条",
        "demand": "查明原因，明确专人，限期办结。",
        "contact": "督查科 0412-2201234",
    },
    supervision.LetterReply: {"reply": "已由分管负责人牵头，6 月 18 日前办结，今后提前三天自查。"},
}
