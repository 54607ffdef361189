"""延期与挂起: the fields of its actions."""

from app.api.schemas.actions.body import ATTACHMENTS, ActionBody, note, said
from app.api.schemas.fields import Choice, Day, Flag, Listed, Number, Text, identifier
from app.domain.facts import extension, suspension
from app.domain.vocabulary import SuspensionGround

DAYS_AT_MOST = 250


class RulingBody(ActionBody):
    """同意与否."""

    makes = extension.Ruling

    approved = Flag(required=True, metadata=said("是否同意"))
    note = note("意见，不同意时必填")


class ExtensionBody(ActionBody):
    """延期申请."""

    makes = extension.ExtensionRequest

    days = Number(1, DAYS_AT_MOST, required=True, metadata=said("延长的工作日数"))
    reason = Text(5, 500, required=True, metadata=said("延期原因，同意后企业可见"))
    plan = Text(5, 1000, required=True, metadata=said("延期期间的办理计划"))


class SuspensionBody(ActionBody):
    """挂起申请."""

    makes = suspension.SuspensionRequest

    ground = Choice(SuspensionGround, required=True, metadata=said("理由"))
    reason = Text(5, 500, required=True, metadata=said("具体情况，同意后企业可见"))
    days = Number(1, DAYS_AT_MOST, required=True, metadata=said("挂起的工作日数"))
    next_check_on = Day(required=True, metadata=said("下次核查的日期，须为挂起期内的工作日"))
    attachment_ids = Listed(
        identifier(), 1, ATTACHMENTS, required=True, metadata=said("证明材料，填已上传文件的编号")
    )


class ResumptionBody(ActionBody):
    """恢复办理."""

    makes = suspension.Resumption

    note = Text(2, 500, required=True, metadata=said("恢复的原因，企业可见"))
