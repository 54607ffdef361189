"""What the schemas of all actions share."""

from typing import Any, ClassVar

from marshmallow import post_load

from app.api.schemas.fields import Listed, Strict, Text, identifier

ATTACHMENTS = 9


def said(text: str, **more: object) -> dict[str, object]:
    """What the document says of a field."""
    return {"description": text} | more


def note(text: str) -> Text:
    """A remark of at most 500 characters."""
    return Text(1, 500, metadata=said(text))


def files() -> Listed:
    """Files that were uploaded before."""
    return Listed(
        identifier(), 0, ATTACHMENTS, metadata=said("附件，填已上传文件的编号，最多 9 个")
    )


class ActionBody(Strict):
    """Loads into the frozen facts that the rules read."""

    makes: ClassVar[type[Any]]

    @post_load
    def make_facts(self, loaded: dict[str, Any], **_: Any) -> Any:
        return self.makes(**loaded)
