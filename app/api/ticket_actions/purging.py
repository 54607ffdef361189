"""涉密清除: the routes of its actions."""

from app.api.schemas.actions import delays, purging
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "purge-request",
        Act.REQUEST_PURGE,
        purging.PurgeBody,
        "requestPurge",
        "申请涉密清除",
        "附件含有商业秘密、国家秘密或不应上传的个人信息时，由企业、管家或协调员申请，"
        "由督导裁定；任何状态均可，包括已归档。裁定之前附件不变。",
    ),
    Action(
        "purge-request/ruling",
        Act.RULE_PURGE,
        delays.RulingBody,
        "rulePurge",
        "裁定涉密清除",
        "裁定人不得是申请人。同意后文件名和内容即不可取得，内容随即销毁，不可恢复；"
        "大小、摘要和清除经过留存。在保全中的不能清除（409）。",
    ),
)
