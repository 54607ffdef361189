"""阶段反馈: the fields of its action."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Day, Instant, Text
from app.domain.facts import progress as facts


class ProgressBody(ActionBody):
    """阶段反馈."""

    makes = facts.Progress

    text = Text(5, 1000, required=True, metadata=said("办理进展，企业可见"))
    next_report_on = Day(
        metadata=said("下次反馈的日期；按工作日反馈的分级必填，须为工作日且不超过该分级的间隔")
    )
    contacted_at = Instant(metadata=said("联系企业的时间，联系过才填"))
