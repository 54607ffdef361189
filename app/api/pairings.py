"""结对: proposing, confirming and ending it, and who answered for whom on which day."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.least_contacted import LeastContactedPage, LeastContactedQuery
from app.api.schemas.pairings import (
    PairingBody,
    PairingDecided,
    PairingDeclineBody,
    PairingDetail,
    PairingDetailPage,
    PairingEndBody,
    PairingQuery,
)
from app.domain.permissions import Permission
from services.pairing import decide
from services.pairing.least_contacted import list_least_contacted
from services.pairing.present import PairingFilter, find_pairings, get_pairing
from services.pairing.propose import Proposal, propose

blueprint = resource("pairings", "结对")


@blueprint.route("/pairings", methods=["GET"])
@gate.requires(Permission.READ_PAIRINGS)
@blueprint.arguments(PairingQuery, location="query")
@blueprint.response(200, PairingDetailPage, description="一页结对")
@blueprint.doc(operationId="listPairings", summary="结对列表")
def listing(query: dict[str, Any]) -> Response:
    """带 on 可查某天由谁负责。只含您范围内的结对；企业只看到已开始的。新的在前。"""
    wanted = PairingFilter(
        query["enterprise"], query["housekeeper"], query["role"], query["state"], query["on"]
    )
    found, next_cursor = find_pairings(gate.actor(), wanted, page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/pairings/least-contacted", methods=["GET"])
@gate.requires(Permission.READ_LEAST_CONTACTED)
@blueprint.arguments(LeastContactedQuery, location="query")
@blueprint.response(200, LeastContactedPage, description="一页企业")
@blueprint.doc(operationId="listLeastContacted", summary="久未联系的企业")
def least_contacted(query: dict[str, Any]) -> Response:
    """本单位（管家为本人）正在对接的企业，从未联系过的在前，其次联系最早的。不对人作统计或排名。"""
    found, next_cursor = list_least_contacted(gate.actor(), query["category"], page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/pairings/<id:pairing_id>", methods=["GET"])
@gate.requires(Permission.READ_PAIRINGS)
@blueprint.response(200, PairingDetail, description="结对")
@blueprint.doc(operationId="getPairing", summary="一项结对")
def read(pairing_id: int) -> Response:
    """grounds 说明为什么是这位管家。"""
    return answer(asdict(get_pairing(gate.actor(), pairing_id)))


@blueprint.route("/pairings", methods=["POST"])
@gate.requires(Permission.PROPOSE_PAIRING)
@idempotent()
@blueprint.arguments(PairingBody)
@blueprint.response(201, PairingDecided, description="已提出，待管家所在单位确认")
@blueprint.doc(operationId="proposePairing", summary="提出结对")
def create(body: dict[str, Any]) -> Response:
    """须回避的、不在岗的、已注销的企业会被拒绝；超出上限只提示。"""
    proposal = Proposal(body["enterprise_id"], body["housekeeper_id"], body["role"], body["note"])
    pairing_id, warnings = propose(gate.actor(), proposal, at=clock.now())
    return _decided(pairing_id, warnings, 201, Permission.PROPOSE_PAIRING)


@blueprint.route("/pairings/<id:pairing_id>/confirmation", methods=["POST"])
@gate.requires(Permission.CONFIRM_PAIRING)
@idempotent()
@blueprint.response(200, PairingDecided, description="已确认；位置空缺时已经生效")
@blueprint.doc(operationId="confirmPairing", summary="确认结对")
def confirmation(pairing_id: int) -> Response:
    """由管家所在单位或辖区协调员确认。该角色已有人时停在“已确认”，待启用。"""
    warnings = decide.confirm(gate.actor(), pairing_id, at=clock.now())
    return _decided(pairing_id, warnings, 200, Permission.CONFIRM_PAIRING)


@blueprint.route("/pairings/<id:pairing_id>/activation", methods=["POST"])
@gate.requires(Permission.END_PAIRING)
@idempotent()
@blueprint.response(200, PairingDecided, description="已生效，原管家的结对同时结束")
@blueprint.doc(operationId="activatePairing", summary="启用结对")
def activation(pairing_id: int) -> Response:
    """已确认的结对替换现任；正在交接的现任不能替换。"""
    warnings = decide.activate(gate.actor(), pairing_id, at=clock.now())
    return _decided(pairing_id, warnings, 200, Permission.END_PAIRING)


@blueprint.route("/pairings/<id:pairing_id>/refusal", methods=["POST"])
@gate.requires(Permission.DECLINE_PAIRING)
@idempotent()
@blueprint.arguments(PairingDeclineBody)
@blueprint.response(200, PairingDetail, description="未予确认的结对")
@blueprint.doc(operationId="declinePairing", summary="不予确认")
def refusal(body: dict[str, Any], pairing_id: int) -> Response:
    """只对尚未开始的结对；企业不会知道。"""
    decide.decline(gate.actor(), pairing_id, body["note"], at=clock.now())
    return answer(asdict(get_pairing(gate.actor(), pairing_id, Permission.DECLINE_PAIRING)))


@blueprint.route("/pairings/<id:pairing_id>/end", methods=["POST"])
@gate.requires(Permission.END_PAIRING)
@idempotent()
@blueprint.arguments(PairingEndBody)
@blueprint.response(200, PairingDetail, description="已结束的结对")
@blueprint.doc(operationId="endPairing", summary="结束结对")
def end(body: dict[str, Any], pairing_id: int) -> Response:
    """企业和管家会收到“管家变更”；正在交接的请先取消交接。"""
    ending = decide.Ending(body["reason"], body["note"])
    decide.end(gate.actor(), pairing_id, ending, at=clock.now())
    return answer(asdict(get_pairing(gate.actor(), pairing_id, Permission.END_PAIRING)))


def _decided(
    pairing_id: int, warnings: tuple[str, ...], status: int, permission: Permission
) -> Response:
    found = get_pairing(gate.actor(), pairing_id, permission)
    place = f"/api/v1/pairings/{pairing_id}" if status == 201 else None
    return answer(asdict(found) | {"warnings": warnings}, status, location=place)
