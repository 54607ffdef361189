"""覆盖率的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Choice, Query
from app.domain.pairing_load import CoverageGroup


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class CoverageQuery(Query):
    """覆盖率的条件."""

    group_by = Choice(CoverageGroup, load_default=CoverageGroup.AREA, metadata=_said("分组"))


class CoverageLine(Answer):
    """一组的覆盖率."""

    key = fields.String(allow_none=True, metadata=_said("县区代码或类别；合计为空"))
    name = fields.String(metadata=_said("名称"))
    registered = fields.Integer(metadata=_said("登记的企业数，不含已注销的"))
    covered = fields.Integer(metadata=_said("有管家的企业数"))
    actively_covered = fields.Integer(
        metadata=_said("有管家、且联系电话在 12 个月内核实过的企业数")
    )
    coverage_rate = fields.Float(allow_none=True, metadata=_said("覆盖率，0 到 1；没有企业则为空"))
    active_coverage_rate = fields.Float(allow_none=True, metadata=_said("有效覆盖率，0 到 1"))


class CoverageReport(Answer):
    """覆盖率."""

    group_by = Choice(CoverageGroup, metadata=_said("分组"))
    totals = fields.Nested(CoverageLine, metadata=_said("合计"))
    groups = fields.List(fields.Nested(CoverageLine), metadata=_said("各组，相加即合计"))
