"""补充说明与内部备注: the fields of their action."""

from app.api.schemas.actions.body import ActionBody, files, said
from app.api.schemas.fields import Flag, Text
from app.domain.facts import commenting as facts


class CommentBody(ActionBody):
    """补充说明或内部备注."""

    makes = facts.Comment

    text = Text(1, 500, required=True, metadata=said("内容；企业写的公开，工作人员写的企业看不到"))
    from_enterprise = Flag(
        metadata=said("座席登记企业在电话中补充的内容时填 true，企业可见；其他人不填")
    )
    attachment_ids = files()
