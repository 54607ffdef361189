"""审计: the log as the auditor reads it."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import page_body, page_of
from app.api.schemas.audit import AuditEntryItem, AuditEntryPage, AuditQuery, AuditSeals
from app.domain.permissions import Permission
from services.audit_search import AuditFilter, get_entry, list_entries, seal_state

blueprint = resource("audit", "审计")


@blueprint.route("/audit-entries", methods=["GET"])
@gate.requires(Permission.READ_AUDIT)
@blueprint.arguments(AuditQuery, location="query")
@blueprint.response(200, AuditEntryPage, description="一页审计记录")
@blueprint.doc(operationId="listAuditEntries", summary="查阅审计记录")
def listing(query: dict[str, Any]) -> Response:
    """只供审计管理员；新的在前。只记谁、何时、对何物、做了什么、结果如何，不含诉求内容。"""
    wanted = AuditFilter(
        **{name: query[name] for name in ("kind", "action", "account", "subject", "result")},
        first=query["first"],
        end=query["end"],
    )
    found, next_cursor = list_entries(gate.actor(), wanted, page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/audit-entries/<id:entry_id>", methods=["GET"])
@gate.requires(Permission.READ_AUDIT)
@blueprint.response(200, AuditEntryItem, description="审计记录")
@blueprint.doc(operationId="getAuditEntry", summary="一条审计记录")
def read(entry_id: int) -> Response:
    """含在审计链中的位置和校验值。"""
    return answer(asdict(get_entry(gate.actor(), entry_id)))


@blueprint.route("/audit-seals", methods=["GET"])
@gate.requires(Permission.READ_AUDIT)
@blueprint.response(200, AuditSeals, description="审计链的状态")
@blueprint.doc(operationId="getAuditSeals", summary="审计链的封存与核对")
def seals() -> Response:
    """每分钟封存一次，每天核对一次；命令 flask verify-audit 可随时核对。"""
    return answer(asdict(seal_state(gate.actor())))
