"""不合理诉求与撤回核查: the routes of their actions."""

from app.api.schemas.actions import delays, judging
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "unreasonable-finding",
        Act.PROPOSE_UNREASONABLE,
        judging.UnreasonableBody,
        "proposeUnreasonable",
        "提出不合理诉求",
        "由主办单位或协调员提出，由督导或另一单位的协调员认定；仍须答复企业。",
    ),
    Action(
        "unreasonable-finding/approval",
        Act.RULE_UNREASONABLE,
        delays.RulingBody,
        "ruleUnreasonable",
        "认定不合理诉求",
        "认定后向企业说明，不计入评分和统计，照常回访。",
    ),
    Action(
        "withdrawal/check",
        Act.RECORD_PRESSURE_CHECK,
        judging.PressureCheckBody,
        "recordPressureCheck",
        "登记撤回核查",
        "联系企业后不久（规定的小时数内）撤回的，由未办理本件的人核查；结果不告知承办方。",
    ),
)
