"""登记冲突: enterprises that two authorities report, and whose word holds."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.register_conflicts import (
    ConflictQuery,
    RegisterConflict,
    RegisterConflictPage,
    SettlementBody,
)
from app.domain.permissions import Permission
from services.imports.settlements import get_conflict, list_open_conflicts, settle_conflict

blueprint = resource("register_conflicts", "登记冲突")


@blueprint.route("/register-conflicts", methods=["GET"])
@gate.requires(Permission.READ_REGISTER_CONFLICTS)
@blueprint.arguments(ConflictQuery, location="query")
@blueprint.response(200, RegisterConflictPage, description="一页登记冲突")
@blueprint.doc(operationId="listRegisterConflicts", summary="登记冲突列表")
def listing(query: dict[str, Any]) -> Response:
    """两家报送单位各自看到与自己有关的，协调员看到辖区内的。新的在前。"""
    found, cursor = list_open_conflicts(gate.actor(), query["state"], page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/register-conflicts/<id:conflict_id>", methods=["GET"])
@gate.requires(Permission.READ_REGISTER_CONFLICTS)
@blueprint.response(200, RegisterConflict, description="登记冲突")
@blueprint.doc(operationId="getRegisterConflict", summary="一项登记冲突")
def read(conflict_id: int) -> Response:
    """谁登记在先，谁又报送了同一家企业。"""
    return answer(asdict(get_conflict(gate.actor(), conflict_id)))


@blueprint.route("/register-conflicts/<id:conflict_id>/settlement", methods=["POST"])
@gate.requires(Permission.SETTLE_REGISTER_CONFLICT)
@idempotent()
@blueprint.arguments(SettlementBody)
@blueprint.response(200, RegisterConflict, description="已裁定")
@blueprint.doc(operationId="settleRegisterConflict", summary="裁定登记冲突")
def settlement(body: dict[str, Any], conflict_id: int) -> Response:
    """replaced 以新报送的内容取代登记，企业此后由提出的单位报送；kept 维持原样。"""
    actor = gate.actor()
    decision = body["decision"]
    settle_conflict(actor, conflict_id, decision, body["reason"], at=clock.now())
    return answer(asdict(get_conflict(actor, conflict_id)))
