"""容缺: the routes of its actions."""

from app.api.schemas.actions import deferral
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "deferred-material",
        Act.SUPPLY_DEFERRED,
        deferral.DeferredMaterialBody,
        "supplyDeferredMaterial",
        "补齐容缺材料",
        "企业补齐承诺后补的材料；补齐之前不能办结，也不停止计时。",
    ),
    Action(
        "deferral-failure",
        Act.FAIL_DEFERRAL,
        deferral.DeferralFailureBody,
        "failDeferral",
        "容缺未补齐退件",
        "承诺的日期已过而仍未补齐的，退回企业；企业可以一键重新提交。",
    ),
)
