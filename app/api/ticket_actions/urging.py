"""催办: the route of its action."""

from app.api.schemas.actions import urging
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "urge",
        Act.URGE,
        urging.UrgeBody,
        "urgeTicket",
        "催办",
        "提醒管家、协调员和承办单位尽快办理；不改变时限，也不改变版本。"
        "每次催办之后须过一段间隔才能再催，过早时会说明何时可以。",
    ),
)
