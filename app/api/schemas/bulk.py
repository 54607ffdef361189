"""成批操作的字段."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load

from app.api.messages import Message
from app.api.problems import Problem
from app.api.schemas.actions.body import said
from app.api.schemas.fields import COMMON, NUMBER, Answer, Listed, Number, Part, Strict, Text, Word
from app.domain.permissions import Permission

BULK = (
    Permission.FIRST_CONTACT,
    Permission.ACCEPT,
    Permission.PROPOSE_REFUSAL,
    Permission.DISPATCH,
    Permission.TRANSFER_OUT,
    Permission.URGE,
)
"""What can be done to many tickets at once."""

ITEMS_AT_MOST = 100
VERSION_AT_MOST = 999_999_999


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of one ticket, which may be named once."""

    number: str
    version: int = field(compare=False)
    facts: Mapping[str, Any] = field(compare=False)


class FactsOfAction(fields.Dict):
    """What the action brings; which fields it has, its own schema knows."""

    default_error_messages = COMMON | {"invalid": Message("type", "应为对象。")}


class BulkItem(Strict):
    """其中一件."""

    number = Text(1, 40, pattern=NUMBER, required=True, metadata=said("诉求编号"))
    version = Number(1, VERSION_AT_MOST, required=True, metadata=said("您所见的版本，同 If-Match"))
    facts = FactsOfAction(load_default=dict, metadata=said("该操作的内容，字段与单件操作相同"))

    @post_load
    def make_wish(self, loaded: dict[str, Any], **_: Any) -> Wish:
        return Wish(**loaded)


class BulkBody(Strict):
    """成批操作."""

    action = Word(BULK, required=True, metadata=said("操作"))
    items = Listed(
        Part(BulkItem), 1, ITEMS_AT_MOST, required=True, metadata=said("各件诉求，最多 100 件")
    )


class BulkResult(Answer):
    """其中一件的结果."""

    number = fields.String(metadata=said("编号", pattern=NUMBER))
    status = fields.Integer(metadata=said("这一件的状态码：200 已完成，其余同单件操作"))
    version = fields.Integer(allow_none=True, metadata=said("完成后的版本"))
    problem = fields.Nested(Problem, allow_none=True, metadata=said("未完成的原因"))


class BulkAnswer(Answer):
    """成批操作的结果."""

    action = Word(BULK, metadata=said("操作"))
    done = fields.Integer(metadata=said("完成的件数"))
    refused = fields.Integer(metadata=said("未完成的件数"))
    results = fields.List(fields.Nested(BulkResult), metadata=said("各件的结果，顺序同请求"))
