"""三级协调: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Choice, Number, Text
from app.domain.facts import escalation
from app.domain.vocabulary import EscalationCause, Tier


class EscalationBody(ActionBody):
    """提级."""

    makes = escalation.Escalation

    tier = Number(
        Tier.CONSULTATION.value,
        Tier.JOINT_MEETING.value,
        required=True,
        metadata=said("提到哪一级：2 中心主任会商，3 联席会议"),
    )
    cause = Choice(
        EscalationCause,
        required=True,
        metadata=said(
            "疑难的原因：policy_gap 政策空白，unit_dispute 部门争议，"
            "missing_precondition 前置条件不具备，history 历史遗留"
        ),
    )
    explanation = Text(5, 1000, required=True, metadata=said("已做的工作和提级的理由，仅内部可见"))
