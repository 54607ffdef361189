"""涉密清除: the fields of its actions."""

from app.api.schemas.actions.body import ATTACHMENTS, ActionBody, said
from app.api.schemas.fields import Listed, Text, identifier
from app.domain.facts import purging


class PurgeBody(ActionBody):
    """申请涉密清除."""

    makes = purging.PurgeRequest

    attachment_ids = Listed(
        identifier(),
        1,
        ATTACHMENTS,
        required=True,
        metadata=said("本件中要清除的附件的编号，最多 9 个"),
    )
    reason = Text(
        5, 500, required=True, metadata=said("理由，5–500 字，会留存，请勿写入涉密内容本身")
    )
