"""督办单: proposed, issued, answered, reviewed, closed."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas import supervision as schemas
from app.domain.permissions import Permission
from app.domain.supervision_flow import Deed
from services.supervision import orders
from services.supervision.order_book import get_order, list_orders

blueprint = resource("supervision-orders", "督办单")

ROOT = "/supervision-orders"
ONE = f"{ROOT}/<id:order_id>"


@blueprint.route(ROOT, methods=["GET"])
@gate.requires(Permission.READ_ORDERS)
@blueprint.arguments(schemas.OrderQuery, location="query")
@blueprint.response(200, schemas.OrderItemPage, description="一页督办单")
@blueprint.doc(operationId="listSupervisionOrders", summary="督办单列表")
def listing(query: dict[str, Any]) -> Response:
    """单位看到已签发给自己的，协调员和督导看到辖区内的；新的在前。"""
    found, cursor = list_orders(gate.actor(), query["state"], page_of(query))
    return answer(page_body(found, cursor, dict))


@blueprint.route(ROOT, methods=["POST"])
@gate.requires(Permission.PROPOSE_ORDER)
@idempotent()
@blueprint.arguments(schemas.OrderProposal)
@blueprint.response(201, schemas.OrderDetail, description="已提出，待督导签发")
@blueprint.may_answer(404)
@blueprint.doc(operationId="proposeSupervisionOrder", summary="提出督办")
def create(body: dict[str, Any]) -> Response:
    """超期达到督办一级的由系统提出，其余由协调员或督导提出。"""
    order_id = orders.propose_order(gate.actor(), orders.OrderWish(**body), at=clock.now())
    return _shown(order_id, 201)


@blueprint.route(ONE, methods=["GET"])
@gate.requires(Permission.READ_ORDERS)
@blueprint.response(200, schemas.OrderDetail, description="督办单")
@blueprint.doc(operationId="getSupervisionOrder", summary="一份督办单")
def read(order_id: int) -> Response:
    """含经过和单位负责人；提级后含分管领导。"""
    return _shown(order_id)


@blueprint.route(f"{ONE}/issue", methods=["POST"])
@gate.requires(Permission.MANAGE_ORDERS)
@idempotent()
@blueprint.arguments(schemas.OrderIssue)
@blueprint.response(200, schemas.OrderDetail, description="已签发")
@blueprint.doc(operationId="issueSupervisionOrder", summary="签发督办单")
def issue(body: dict[str, Any], order_id: int) -> Response:
    """单位负责人和审批人由此知道；有自己的回复期限。"""
    given = body["requirement"], body["working_days"]
    orders.issue_order(gate.actor(), order_id, *given, at=clock.now())
    return _shown(order_id)


@blueprint.route(f"{ONE}/reply", methods=["POST"])
@gate.requires(Permission.ANSWER_ORDER)
@idempotent()
@blueprint.arguments(schemas.OrderReply)
@blueprint.response(200, schemas.OrderDetail, description="已回复，待审核")
@blueprint.doc(operationId="replyToSupervisionOrder", summary="回复督办单")
def reply(body: dict[str, Any], order_id: int) -> Response:
    """由单位审批人回复。"""
    orders.answer_order(gate.actor(), order_id, Deed.REPLY, body["note"], at=clock.now())
    return _shown(order_id)


@blueprint.route(f"{ONE}/return-request", methods=["POST"])
@gate.requires(Permission.ANSWER_ORDER)
@idempotent()
@blueprint.arguments(schemas.OrderReturn)
@blueprint.response(200, schemas.OrderDetail, description="已申请退回")
@blueprint.doc(operationId="askReturnOfSupervisionOrder", summary="申请退回督办单")
def return_request(body: dict[str, Any], order_id: int) -> Response:
    """由单位审批人申请，督导裁定。"""
    orders.answer_order(gate.actor(), order_id, Deed.ASK_RETURN, body["note"], at=clock.now())
    return _shown(order_id)


@blueprint.route(f"{ONE}/ruling", methods=["POST"])
@gate.requires(Permission.MANAGE_ORDERS)
@idempotent()
@blueprint.arguments(schemas.OrderRuling)
@blueprint.response(200, schemas.OrderDetail, description="已裁定")
@blueprint.doc(operationId="ruleReturnOfSupervisionOrder", summary="裁定退回督办单")
def ruling(body: dict[str, Any], order_id: int) -> Response:
    """同意则关闭，不同意则单位继续办理。"""
    deed = Deed.GRANT_RETURN if body["approved"] else Deed.DENY_RETURN
    orders.manage_order(gate.actor(), order_id, deed, body["note"], at=clock.now())
    return _shown(order_id)


@blueprint.route(f"{ONE}/review", methods=["POST"])
@gate.requires(Permission.MANAGE_ORDERS)
@idempotent()
@blueprint.arguments(schemas.OrderRuling)
@blueprint.response(200, schemas.OrderDetail, description="已审核")
@blueprint.doc(operationId="reviewSupervisionOrder", summary="审核督办单的回复")
def review(body: dict[str, Any], order_id: int) -> Response:
    """同意则完成，不同意则退回单位再办。"""
    deed = Deed.ACCEPT if body["approved"] else Deed.SEND_BACK
    orders.manage_order(gate.actor(), order_id, deed, body["note"], at=clock.now())
    return _shown(order_id)


@blueprint.route(f"{ONE}/closure", methods=["POST"])
@gate.requires(Permission.MANAGE_ORDERS)
@idempotent()
@blueprint.arguments(schemas.PaperClosure)
@blueprint.response(200, schemas.OrderDetail, description="已关闭")
@blueprint.doc(operationId="closeSupervisionOrder", summary="关闭督办单")
def closure(body: dict[str, Any], order_id: int) -> Response:
    """诉求本轮办结时自动关闭；也可由督导关闭。"""
    orders.manage_order(gate.actor(), order_id, Deed.CLOSE, body["note"], at=clock.now())
    return _shown(order_id)


def _shown(order_id: int, status: int = 200) -> Response:
    place = f"/api/v1/supervision-orders/{order_id}" if status == 201 else None
    return answer(get_order(gate.actor(), order_id), status, location=place)
