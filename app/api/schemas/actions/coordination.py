"""第二步 协调: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, note, said
from app.api.schemas.fields import Listed, Text, identifier
from app.domain.facts import coordination as facts


class DispatchBody(ActionBody):
    """派单."""

    makes = facts.Dispatch

    lead_organisation_id = identifier(required=True, metadata=said("主办单位，只有一个"))
    co_organisation_ids = Listed(identifier(), 0, 10, metadata=said("协办单位"))
    instruction = note("派单意见；不填的用模板的")
    template_code = Text(2, 40, metadata=said("派单模板的代码"))
