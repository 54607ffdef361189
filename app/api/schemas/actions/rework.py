"""异议与重办: the fields of their actions."""

from app.api.schemas.actions.body import ActionBody, files, said
from app.api.schemas.fields import Text
from app.domain.facts import rework as facts


class ObjectionBody(ActionBody):
    """提出异议."""

    makes = facts.Objection

    reason = Text(2, 500, required=True, metadata=said("不认可答复的理由"))
    attachment_ids = files()


class ReworkBody(ActionBody):
    """责令重办."""

    makes = facts.ReworkOrder

    reason = Text(2, 500, required=True, metadata=said("抽查发现的问题，企业可见"))
