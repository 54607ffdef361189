"""结对的规矩: limits that warn, and who has to keep away from which enterprise."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.pairings import (
    LoadPage,
    LoadQuery,
    PairingLimitBody,
    PairingLimits,
    ProposalRun,
    ProposalRunBody,
    RecusalBody,
    RecusalItem,
    RecusalPage,
)
from app.domain.permissions import Permission
from services.pairing.auto import Run, propose_automatically
from services.pairing.load import StoredLimit, list_limits, list_load, set_limit
from services.pairing.recusals import (
    RecusalWish,
    get_recusal,
    lift_recusal,
    list_recusals,
    record_recusal,
)

blueprint = resource("pairing-rules", "结对上限与回避")


@blueprint.route("/pairing-limits", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.response(200, PairingLimits, description="结对上限")
@blueprint.doc(operationId="listPairingLimits", summary="结对上限")
def limits() -> Response:
    """一名管家建议最多对接多少家；只提示，不限制。"""
    return answer({"items": [asdict(one) for one in list_limits()]})


@blueprint.route("/pairing-limits", methods=["POST"])
@gate.requires(Permission.SET_PAIRING_LIMITS)
@idempotent()
@blueprint.arguments(PairingLimitBody)
@blueprint.response(200, PairingLimits, description="结对上限")
@blueprint.doc(operationId="setPairingLimit", summary="设定结对上限")
def set_one(body: dict[str, Any]) -> Response:
    """自某天起生效；同一天再次设定，以后一次为准。"""
    limit = StoredLimit(body["grade"], body["kind"].value, body["amount"], body["effective_from"])
    set_limit(gate.actor(), limit, at=clock.now())
    return answer({"items": [asdict(one) for one in list_limits()]})


@blueprint.route("/pairing-proposals", methods=["POST"])
@gate.requires(Permission.PROPOSE_PAIRING)
@idempotent()
@blueprint.arguments(ProposalRunBody)
@blueprint.response(200, ProposalRun, description="提出的结对和剩余的企业数")
@blueprint.doc(operationId="proposePairings", summary="自动提出结对")
def run_proposals(body: dict[str, Any]) -> Response:
    """为还没有管家的企业提出：其他类按网格，其余按报送单位，取对接最少的一位。可以反复执行。"""
    run = Run(body["area"], body["category"], body["dry_run"], body["after"], body["limit"])
    return answer(asdict(propose_automatically(gate.actor(), run, at=clock.now())))


@blueprint.route("/reports/load", methods=["GET"])
@gate.requires(Permission.READ_LOAD)
@blueprint.arguments(LoadQuery, location="query")
@blueprint.response(200, LoadPage, description="一页负荷")
@blueprint.doc(operationId="reportLoad", summary="管家负荷一览")
def load(query: dict[str, Any]) -> Response:
    """本辖区或本单位的管家，按姓名排列；用于分配，不作排名。"""
    found, next_cursor = list_load(gate.actor(), query["area"], page_of(query), at=clock.now())
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/recusals", methods=["GET"])
@gate.requires(Permission.RECORD_RECUSAL)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, RecusalPage, description="一页回避")
@blueprint.doc(operationId="listRecusals", summary="回避列表")
def recusals(query: dict[str, Any]) -> Response:
    """辖区内登记过的回避，含已解除的；新的在前。"""
    found, next_cursor = list_recusals(gate.actor(), page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/recusals/<id:recusal_id>", methods=["GET"])
@gate.requires(Permission.RECORD_RECUSAL)
@blueprint.response(200, RecusalItem, description="回避")
@blueprint.doc(operationId="getRecusal", summary="一项回避")
def recusal(recusal_id: int) -> Response:
    """已解除的仍可查看。"""
    return answer(asdict(get_recusal(gate.actor(), recusal_id)))


@blueprint.route("/recusals", methods=["POST"])
@gate.requires(Permission.RECORD_RECUSAL)
@idempotent()
@blueprint.arguments(RecusalBody)
@blueprint.response(201, RecusalItem, description="已登记")
@blueprint.doc(operationId="recordRecusal", summary="登记回避")
def record(body: dict[str, Any]) -> Response:
    """亲属管家或正在检查该企业的单位；此后不能提出、确认这样的结对。"""
    made = record_recusal(gate.actor(), RecusalWish(**body), at=clock.now())
    return answer(asdict(made), 201, location=f"/api/v1/recusals/{made.id}")


@blueprint.route("/recusals/<id:recusal_id>/lifting", methods=["POST"])
@gate.requires(Permission.RECORD_RECUSAL)
@idempotent()
@blueprint.response(200, RecusalItem, description="已解除")
@blueprint.doc(operationId="liftRecusal", summary="解除回避")
def lift(recusal_id: int) -> Response:
    """重复解除不改变首次解除的时间。"""
    return answer(asdict(lift_recusal(gate.actor(), recusal_id, at=clock.now())))
