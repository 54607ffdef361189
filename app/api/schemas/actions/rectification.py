"""差评整改与结案: the fields of their actions."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Choice, Flag, Instant, Text
from app.domain.facts import closing
from app.domain.facts import rectification as facts
from app.domain.rating import Verdict


class ReviewContactBody(ActionBody):
    """差评联系."""

    makes = facts.ReviewContact

    is_reached = Flag(required=True, metadata=said("是否联系上评价人"))
    note = Text(2, 500, required=True, metadata=said("联系情况，仅内部可见"))
    contacted_at = Instant(metadata=said("联系时间，缺省为现在"))


class ReviewVerdictBody(ActionBody):
    """核查差评."""

    makes = facts.ReviewVerdict

    verdict = Choice(
        Verdict,
        required=True,
        metadata=said(
            "结论：属实（upheld），进入下一轮；已当场整改（fixed）；没有依据，已解释（explained）；"
            "误评或恶意（set_aside），须由督导另行裁定"
        ),
    )
    explanation = Text(2, 500, required=True, metadata=said("给企业的说明；提请裁定时为理由"))


class SetAsideBody(ActionBody):
    """裁定不予采信."""

    makes = facts.SetAsideRuling

    approved = Flag(required=True, metadata=said("是否同意不予采信；不同意的，继续核查"))
    note = Text(2, 500, required=True, metadata=said("裁定理由；同意的，企业可见"))


class TicketClosureBody(ActionBody):
    """督导结案."""

    makes = closing.Closure

    reason = Text(2, 500, required=True, metadata=said("结案理由，企业可见"))
