"""并案: the fields of merging, and of what may be the same."""

from marshmallow import fields

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import NUMBER, Answer, Choice, Strict, Text
from app.domain.facts import merging as facts
from app.domain.vocabulary import Status


class MergeBody(Strict):
    """并案."""

    parent_number = Text(
        1,
        40,
        pattern=NUMBER,
        required=True,
        metadata=said("主件编号", examples=["AS20261123-000123"]),
    )
    reason = Text(2, 500, required=True, metadata=said("并案理由，仅内部可见"))


class UnmergeBody(ActionBody):
    """撤销并案."""

    makes = facts.Unmerge

    reason = Text(2, 500, required=True, metadata=said("撤销理由，企业可见"))


class DuplicateItem(Answer):
    """疑似重复的诉求."""

    number = fields.String(metadata=said("编号", pattern=NUMBER))
    title = fields.String(metadata=said("标题"))
    status = Choice(Status, metadata=said("状态"))
    status_label = fields.String(metadata=said("状态名称"))
    submitted_at = fields.AwareDateTime(metadata=said("提交时间"))
    similarity = fields.Float(
        metadata=said("内容相似度，0–1，由人判断是否并案", minimum=0, maximum=1)
    )


class Duplicates(Answer):
    """疑似重复的诉求，最相似的在前."""

    items = fields.List(fields.Nested(DuplicateItem), metadata=said("诉求，最多 10 件"))
