"""三级协调: the routes of its actions."""

from app.api.schemas.actions import tiers
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "escalation",
        Act.ESCALATE,
        tiers.EscalationBody,
        "escalateTicket",
        "提级",
        "专班协调不下的提到中心主任会商（用会商的操作召集），由督导提请联席会议；只升不降，"
        "各时限照常计算，并告知企业。",
    ),
)
