"""导出的字段."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from app.api.messages import Message
from app.api.paging import PageQuery, page_schema
from app.api.schemas.directory import EnterpriseQuery, HousekeeperQuery
from app.api.schemas.fields import Answer, Choice, Flag, Part, Strict, Text, Word
from app.api.schemas.tickets import TicketQuery
from app.domain.export_rules import ExportKind, Ground
from app.models.export import STATES
from services.exports.requests import Wish

OF_THE_PAGE = ("limit", "cursor", "sort")
FOREIGN = Message("unknown", "这类内容的列表没有这个筛选。")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _instant(text: str, *, may_lack: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=may_lack, metadata=_said(text))


class ExportFilters(TicketQuery):
    """导出的筛选，与该类内容的列表相同；诉求的最全."""

    class Meta(TicketQuery.Meta):
        exclude = OF_THE_PAGE


LISTS: Mapping[ExportKind, type[Schema]] = {
    ExportKind.TICKETS: ExportFilters,
    ExportKind.ENTERPRISES: EnterpriseQuery,
    ExportKind.HOUSEKEEPERS: HousekeeperQuery,
}


class ExportBody(Strict):
    """申请导出."""

    kind = Choice(ExportKind, required=True, metadata=_said("导出什么"))
    filters = Part(ExportFilters, load_default=dict, metadata=_said("筛选，与列表相同"))
    purpose = Text(5, 200, required=True, metadata=_said("用途；会被记录，并印在文件上"))
    with_personal = Flag(
        load_default=False, metadata=_said("是否含联系人和电话的明文；须另一人审批")
    )

    @validates_schema(skip_on_field_errors=True)
    def _of_this_list(self, sent: Mapping[str, Any], **_: Any) -> None:
        """Only what the list of this kind can be narrowed by, as that list takes it."""
        known = LISTS[sent["kind"]]
        given = _given(sent["filters"])
        wrong: dict[str, Any] = {
            name: [FOREIGN] for name in given if name not in known().fields or name in OF_THE_PAGE
        }
        wrong |= known().validate({name: given[name] for name in given.keys() - wrong.keys()})
        if wrong:
            raise ValidationError({"filters": wrong})

    @post_load
    def _wish(self, sent: dict[str, Any], **_: Any) -> Wish:
        return Wish(**sent | {"filters": _given(sent["filters"])})


def _given(filters: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for, as JSON has it."""
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in filters.items()
        if value is not None
    }


class ExportRuling(Strict):
    """审批导出."""

    approved = Flag(required=True, metadata=_said("是否同意"))
    note = Text(1, 200, load_default=None, allow_none=True, metadata=_said("意见"))


class ExportQuery(PageQuery):
    """导出列表的筛选."""

    state = Word(STATES, load_default=None, metadata=_said("状态"))


class Export(Answer):
    """导出."""

    id = fields.Integer(metadata=_said("导出编号"))
    kind = Choice(ExportKind, metadata=_said("导出什么"))
    filters = fields.Dict(keys=fields.String(), metadata=_said("筛选"))
    purpose = fields.String(metadata=_said("用途"))
    with_personal = fields.Boolean(metadata=_said("是否含联系人和电话的明文"))
    area_prefix = fields.String(metadata=_said("所及区划的代码前缀；空为不限"))
    grounds = fields.List(Choice(Ground), metadata=_said("须另一人审批的理由；没有则不须审批"))
    state = Word(STATES, metadata=_said("待审批、排队、生成中、已生成、未获同意、失败、文件已清除"))
    rows = fields.Integer(allow_none=True, metadata=_said("行数"))
    size = fields.Integer(allow_none=True, metadata=_said("字节数"))
    failure = fields.String(allow_none=True, metadata=_said("失败的原因"))
    maker_name = fields.String(metadata=_said("申请人"))
    organisation_name = fields.String(allow_none=True, metadata=_said("申请人的单位"))
    is_own = fields.Boolean(metadata=_said("是否本人申请"))
    ruler_name = fields.String(allow_none=True, metadata=_said("审批人"))
    ruling_note = fields.String(allow_none=True, metadata=_said("审批意见"))
    ruled_at = _instant("审批时间", may_lack=True)
    created_at = _instant("申请时间")
    finished_at = _instant("完成时间", may_lack=True)
    expires_at = _instant("文件清除时间", may_lack=True)


class ExportLink(Answer):
    """导出文件的下载链接."""

    url = fields.String(
        metadata=_said("同一主机上的地址，只有申请人登录后能用") | {"format": "uri-reference"}
    )
    expires_at = _instant("链接失效时间，5 分钟后")


ExportPage = page_schema(Export, "新的在前")
