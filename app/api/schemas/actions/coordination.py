"""第二步 协调: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, note, said
from app.api.schemas.fields import Instant, Listed, Text, identifier
from app.domain.facts import coordination as facts


class DispatchBody(ActionBody):
    """派单."""

    makes = facts.Dispatch

    lead_organisation_id = identifier(required=True, metadata=said("主办单位，只有一个"))
    co_organisation_ids = Listed(identifier(), 0, 10, metadata=said("协办单位"))
    instruction = note("派单意见；不填的用模板的")
    template_code = Text(2, 40, metadata=said("派单模板的代码"))


class TransferOutBody(ActionBody):
    """转出."""

    makes = facts.TransferOut

    receiving_body = Text(2, 100, required=True, metadata=said("接收的机关或单位"))
    reason = Text(2, 500, required=True, metadata=said("转出原因，企业可见"))
    transferred_at = Instant(metadata=said("转出时间，缺省为现在"))
