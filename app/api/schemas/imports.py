"""批量导入的字段."""

from enum import StrEnum

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import Answer, Choice, File, Flag, Strict, Word
from app.models.import_batch import EFFECTS, STATES
from services.imports.judgement import Verdict


class ImportKind(StrEnum):
    """工作簿的种类."""

    HOUSEKEEPERS = "housekeepers"
    ENTERPRISES = "enterprises"


class ImportUpload(Strict):
    """上传的工作簿和选项."""

    workbook = File(".xlsx 工作簿，或 .csv 文件（UTF-8 或 GBK）", required=True)
    kind = Choice(ImportKind, required=True, metadata={"description": "管家名册或企业登记"})
    dry_run = Flag(
        strict=False, load_default=False, metadata={"description": "只检查，不写入登记库"}
    )


class Outcome(StrEnum):
    """撤销时一行的处理."""

    REMOVED = "removed"
    RESTORED = "restored"
    KEPT = "kept"


class RowQuery(PageQuery):
    """逐行结论的筛选."""

    verdict = Choice(Verdict, load_default=None, metadata={"description": "只看这种结论"})
    undone = Choice(Outcome, load_default=None, metadata={"description": "只看撤销时如此处理的行"})


class VerdictCounts(Answer):
    """各结论的行数."""

    ok = fields.Integer(metadata={"description": "通过"})
    pending = fields.Integer(metadata={"description": "通过，统一社会信用代码待补"})
    error = fields.Integer(metadata={"description": "有误，未写入"})
    conflict = fields.Integer(metadata={"description": "与已登记的报送单位冲突，待协商"})


class UndoneCounts(Answer):
    """撤销的行数."""

    removed = fields.Integer(metadata={"description": "已从登记库删除"})
    restored = fields.Integer(metadata={"description": "已恢复原样"})
    kept = fields.Integer(metadata={"description": "此后有变动，保留未动"})


class ImportBatch(Answer):
    """导入批次."""

    id = fields.Integer(metadata={"description": "批次编号"})
    kind = Choice(ImportKind, metadata={"description": "管家名册或企业登记"})
    filename = fields.String(metadata={"description": "文件名"})
    dry_run = fields.Boolean(metadata={"description": "是否只检查"})
    state = Word(STATES, metadata={"description": "排队、处理中、完成、失败、撤销中、已撤销"})
    total = fields.Integer(allow_none=True, metadata={"description": "行数，完成前是估计"})
    processed = fields.Integer(metadata={"description": "已处理的行数"})
    counts = fields.Nested(VerdictCounts, metadata={"description": "已处理各行的结论"})
    undone = fields.Nested(UndoneCounts, metadata={"description": "撤销了多少行"})
    notes = fields.List(fields.String(), metadata={"description": "说明"})
    failure = fields.String(allow_none=True, metadata={"description": "整份文件被拒绝的原因"})
    created_at = fields.AwareDateTime(metadata={"description": "上传时间"})
    finished_at = fields.AwareDateTime(allow_none=True, metadata={"description": "完成时间"})


class ImportRow(Answer):
    """一行的结论."""

    row = fields.Integer(metadata={"description": "在工作表中的行号"})
    verdict = Choice(Verdict, metadata={"description": "结论"})
    field = fields.String(metadata={"description": "出错的字段，没有则为空"})
    reason = fields.String(metadata={"description": "原因或提示"})
    name = fields.String(metadata={"description": "企业名称或姓名"})
    effect = Word(
        EFFECTS, allow_none=True, metadata={"description": "对登记库的影响：新增、更新、无变化"}
    )
    undone = Choice(Outcome, allow_none=True, metadata={"description": "撤销时的处理"})
    undone_reason = fields.String(allow_none=True, metadata={"description": "未能恢复的原因"})


ImportRowPage = page_schema(ImportRow, "逐行结论，按行号排列")
