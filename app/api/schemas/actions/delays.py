"""延期: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, note, said
from app.api.schemas.fields import Flag, Number, Text
from app.domain.facts import extension

DAYS_AT_MOST = 250


class RulingBody(ActionBody):
    """同意与否."""

    makes = extension.Ruling

    approved = Flag(required=True, metadata=said("true 同意，false 不同意"))
    note = note("意见，不同意时必填")


class ExtensionBody(ActionBody):
    """延期申请."""

    makes = extension.ExtensionRequest

    days = Number(1, DAYS_AT_MOST, required=True, metadata=said("延长的工作日数"))
    reason = Text(5, 500, required=True, metadata=said("延期原因，同意后企业可见"))
    plan = Text(5, 1000, required=True, metadata=said("延期期间的办理计划"))
