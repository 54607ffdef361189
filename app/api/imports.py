"""批量导入: a workbook in, a verdict per row out."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Response, current_app
from werkzeug.datastructures import FileStorage

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.imports import (
    ImportBatch,
    ImportRowPage,
    ImportUpload,
    RowQuery,
)
from app.domain.permissions import Permission
from services.accounts import rate_limits
from services.imports.batches import Upload, queue_batch
from services.imports.error_workbook import write_error_workbook
from services.imports.results import BatchReport, RowFilter, get_report, list_rows
from services.imports.rollback import request_rollback

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WINDOW = timedelta(hours=1)

blueprint = resource("imports", "登记导入")


@blueprint.route("/imports", methods=["POST"])
@gate.requires(Permission.IMPORT_REGISTER)
@idempotent()
@blueprint.arguments(ImportUpload, location="multipart")
@blueprint.response(202, ImportBatch, description="已接收，正在排队处理")
@blueprint.doc(operationId="createImport", summary="上传登记工作簿")
def create(sent: dict[str, Any]) -> Response:
    """文件整体有问题时立即拒绝；逐行结论随后用返回的地址查询。先用 dry_run 检查。"""
    actor = gate.actor()
    limit: int = current_app.config["SETTINGS"].uploads_per_hour
    rate_limits.count(f"upload:{actor.account_id}", limit, WINDOW, at=clock.real())
    workbook: FileStorage = sent["workbook"]
    upload = Upload(sent["kind"].value, workbook.filename or "", workbook.read(), sent["dry_run"])
    batch_id = queue_batch(actor, upload)
    report = get_report(actor, batch_id)
    return answer(_batch(report), 202, location=f"/api/v1/imports/{batch_id}")


@blueprint.route("/imports/<id:batch_id>", methods=["GET"])
@gate.requires(Permission.IMPORT_REGISTER)
@blueprint.response(200, ImportBatch, description="批次的进度与结果")
@blueprint.doc(operationId="getImport", summary="导入进度")
def show(batch_id: int) -> Response:
    """处理中 processed 和 counts 随每一段写入而增长。"""
    return answer(_batch(get_report(gate.actor(), batch_id)))


@blueprint.route("/imports/<id:batch_id>/rows", methods=["GET"])
@gate.requires(Permission.IMPORT_REGISTER)
@blueprint.arguments(RowQuery, location="query")
@blueprint.response(200, ImportRowPage, description="逐行结论")
@blueprint.doc(operationId="listImportRows", summary="逐行结论")
def rows(query: dict[str, Any], batch_id: int) -> Response:
    """按行号排列；处理中给出已写入的部分。"""
    wanted = RowFilter(query["verdict"], query["undone"])
    found, cursor = list_rows(gate.actor(), batch_id, wanted, page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/imports/<id:batch_id>/errors.xlsx", methods=["GET"])
@gate.requires(Permission.IMPORT_REGISTER)
@blueprint.response(200, content_type=XLSX, description="有误的行，末列为原因")
@blueprint.doc(operationId="downloadImportErrors", summary="下载有误的行")
def errors(batch_id: int) -> Response:
    """更正后可直接再次上传。"""
    made = Response(write_error_workbook(gate.actor(), batch_id), mimetype=XLSX)
    made.headers["Content-Disposition"] = f'attachment; filename="import-{batch_id}-errors.xlsx"'
    made.headers["Cache-Control"] = "no-store"
    return made


@blueprint.route("/imports/<id:batch_id>/rollback", methods=["POST"])
@gate.requires(Permission.ROLL_BACK_IMPORT)
@gate.needs_fresh
@idempotent()
@blueprint.response(202, ImportBatch, description="已接收，正在排队撤销")
@blueprint.doc(operationId="rollBackImport", summary="撤销一个批次")
def rollback(batch_id: int) -> Response:
    """此后无人改动的恢复原样，其余保留并在 rows?undone=kept 中说明原因。30 天内可撤销。"""
    actor = gate.actor()
    request_rollback(actor, batch_id, at=clock.real())
    return answer(_batch(get_report(actor, batch_id)), 202)


def _batch(report: BatchReport) -> dict[str, Any]:
    body = asdict(report)
    body["dry_run"] = body.pop("is_dry_run")
    return body
