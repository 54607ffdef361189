"""导出: asking for one, ruling on another's, and downloading one's own."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, send_file, url_for

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_of
from app.api.schemas.attachments import LinkQuery
from app.api.schemas.exports import (
    Export,
    ExportBody,
    ExportLink,
    ExportPage,
    ExportQuery,
    ExportRuling,
)
from app.domain.permissions import Permission
from services.exports import files, requests
from services.exports.files import FileLink
from services.exports.requests import Wish
from services.gateways.file_store import FileStore

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = resource("exports", "导出")


@blueprint.route("/exports", methods=["POST"])
@gate.requires(Permission.EXPORT)
@idempotent()
@blueprint.arguments(ExportBody)
@blueprint.response(202, Export, description="已接收，等待审批或生成")
@blueprint.doc(operationId="requestExport", summary="申请导出")
def create(wish: Wish) -> Response:
    """内容是生成时您看得到的。含个人信息、跨县区或跨单位的，须由另一名协调员或督导审批。"""
    actor = gate.actor()
    export_id = requests.request_export(actor, wish, at=clock.now())
    location = url_for("exports.read", export_id=export_id)
    return answer(requests.get_export(actor, export_id), 202, location=location)


@blueprint.route("/exports", methods=["GET"])
@gate.requires(Permission.EXPORT)
@blueprint.arguments(ExportQuery, location="query")
@blueprint.response(200, ExportPage, description="一页导出")
@blueprint.doc(operationId="listExports", summary="导出列表")
def listing(query: dict[str, Any]) -> Response:
    """自己申请的，和辖区内须审批的；新的在前。"""
    items, cursor = requests.list_exports(gate.actor(), query["state"], page_of(query))
    return answer({"items": items, "next_cursor": cursor})


@blueprint.route("/exports/<id:export_id>", methods=["GET"])
@gate.requires(Permission.EXPORT)
@blueprint.response(200, Export, description="导出")
@blueprint.doc(operationId="getExport", summary="一份导出")
def read(export_id: int) -> Response:
    """state 为 done 时可以取下载链接。"""
    return answer(requests.get_export(gate.actor(), export_id))


@blueprint.route("/exports/<id:export_id>/approval", methods=["POST"])
@gate.requires(Permission.RULE_EXPORT)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(ExportRuling)
@blueprint.response(200, Export, description="已审批")
@blueprint.doc(operationId="ruleExport", summary="审批导出")
def rule(ruling: dict[str, Any], export_id: int) -> Response:
    """由辖区包含其范围的另一名协调员或督导审批；不能审批自己的。"""
    actor = gate.actor()
    requests.rule_export(actor, export_id, **ruling, at=clock.now())
    return answer(requests.get_export(actor, export_id))


@blueprint.route("/exports/<id:export_id>/link", methods=["POST"])
@gate.requires(Permission.EXPORT)
@idempotent()
@blueprint.response(200, ExportLink, description="下载链接")
@blueprint.doc(operationId="linkExport", summary="取导出文件的下载链接")
def link(export_id: int) -> Response:
    """只给申请人，每次都会记录；文件按设置保存若干天。"""
    made = files.sign_file(gate.actor(), export_id, _settings().link_key, at=clock.real())
    url = url_for("exports.download", **asdict(made))
    expires_at = datetime.fromtimestamp(made.expires, UTC).astimezone(clock.LOCAL_ZONE)
    return answer({"url": url, "expires_at": expires_at})


@blueprint.route("/exports/<id:export_id>/file", methods=["GET"])
@gate.requires(Permission.EXPORT)
@blueprint.arguments(LinkQuery, location="query")
@blueprint.response(200, content_type=XLSX, description="工作簿")
@blueprint.may_answer(409)
@blueprint.doc(operationId="downloadExport", summary="下载导出文件")
def download(query: dict[str, Any], export_id: int) -> Response:
    """凭取得的链接，由申请人登录后下载；链接 5 分钟后失效。"""
    signed, settings = FileLink(export_id, **query), _settings()
    store = FileStore(settings.file_store)
    file = files.open_file(gate.actor(), signed, settings.link_key, store, at=clock.real())
    made = send_file(
        file,
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"export-{export_id}.xlsx",
        conditional=False,
        etag=False,
    )
    made.headers["Cache-Control"] = "no-store"
    return made


def _settings() -> Any:
    return current_app.config["SETTINGS"]
