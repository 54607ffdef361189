"""管家交接: opened, signed by the receiver, or cancelled before that."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.handovers import (
    HandoverBody,
    HandoverDetail,
    HandoverDetailPage,
    HandoverQuery,
)
from app.domain.permissions import Permission
from services.handover.open import HandoverWish, open_handover
from services.handover.present import get_handover, list_handovers
from services.handover.settle import cancel, sign

blueprint = resource("handovers", "管家交接")


@blueprint.route("/handovers", methods=["GET"])
@gate.requires(Permission.READ_HANDOVERS)
@blueprint.arguments(HandoverQuery, location="query")
@blueprint.response(200, HandoverDetailPage, description="一页交接")
@blueprint.doc(operationId="listHandovers", summary="交接列表")
def listing(query: dict[str, Any]) -> Response:
    """与您有关的交接：移交的、接收的、本单位或本辖区的；新的在前。"""
    found, next_cursor = list_handovers(
        gate.actor(), query["state"], page_of(query), at=clock.now()
    )
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/handovers/<id:handover_id>", methods=["GET"])
@gate.requires(Permission.READ_HANDOVERS)
@blueprint.response(200, HandoverDetail, description="交接")
@blueprint.doc(operationId="getHandover", summary="一次交接")
def read(handover_id: int) -> Response:
    """checklist 是发起时的清单。"""
    return _shown(handover_id)


@blueprint.route("/housekeepers/<id:housekeeper_id>/handover", methods=["POST"])
@gate.requires(Permission.OPEN_HANDOVER)
@idempotent()
@blueprint.arguments(HandoverBody)
@blueprint.response(201, HandoverDetail, description="已发起，待接收人签收")
@blueprint.doc(operationId="openHandover", summary="发起交接")
def create(body: dict[str, Any], housekeeper_id: int) -> Response:
    """签收前结对不变、计时不停，副管家照常可以办理。接收人须在岗，且同单位或在您的辖区内。"""
    handover_id = open_handover(gate.actor(), housekeeper_id, HandoverWish(**body), at=clock.now())
    return _shown(handover_id, 201)


@blueprint.route("/handovers/<id:handover_id>/signature", methods=["POST"])
@gate.requires(Permission.SIGN_HANDOVER)
@idempotent()
@blueprint.response(200, HandoverDetail, description="已签收")
@blueprint.doc(operationId="signHandover", summary="签收交接")
def signature(handover_id: int) -> Response:
    """由接收人签收：结对、未办结的诉求同时转来，企业和双方管家收到消息。"""
    sign(gate.actor(), handover_id, at=clock.now())
    return _shown(handover_id)


@blueprint.route("/handovers/<id:handover_id>/cancellation", methods=["POST"])
@gate.requires(Permission.OPEN_HANDOVER)
@idempotent()
@blueprint.response(200, HandoverDetail, description="已取消")
@blueprint.doc(operationId="cancelHandover", summary="取消交接")
def cancellation(handover_id: int) -> Response:
    """签收前可以取消，结对恢复原状。"""
    cancel(gate.actor(), handover_id, at=clock.now())
    return _shown(handover_id)


def _shown(handover_id: int, status: int = 200) -> Response:
    found = asdict(get_handover(gate.actor(), handover_id, at=clock.now()))
    place = f"/api/v1/handovers/{handover_id}" if status == 201 else None
    return answer(found, status, location=place)
