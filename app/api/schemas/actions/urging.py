"""催办: the fields of its action."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Text
from app.domain.facts import urging as facts


class UrgeBody(ActionBody):
    """催办."""

    makes = facts.Urge

    reason = Text(2, 200, metadata=said("为何着急，可以不填"))
