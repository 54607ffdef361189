"""代理: another housekeeper acts for one who is away."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas import delegations as schemas
from app.domain.permissions import Permission
from services.accounts import delegations
from services.accounts.delegations import Wish

blueprint = resource("delegations", "管家代理")


@blueprint.route("/delegations", methods=["GET"])
@gate.requires(Permission.READ_DELEGATIONS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.DelegationPage, description="一页代理")
@blueprint.doc(operationId="listDelegations", summary="代理列表")
def listing(query: dict[str, Any]) -> Response:
    """本人委托的、本人代理的；单位审批人看本单位管家的。新的在前。"""
    found, next_cursor = delegations.list_delegations(gate.actor(), page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/delegations", methods=["POST"])
@gate.requires(Permission.DELEGATE)
@idempotent()
@blueprint.arguments(schemas.DelegationBody)
@blueprint.response(201, schemas.Delegation, description="新的代理")
@blueprint.may_answer(404)
@blueprint.doc(operationId="delegate", summary="委托代理")
def add(wish: Wish) -> Response:
    """代理人在起止时间内以副管家身份办理委托人结对企业的事项，记录中写明代谁办理。"""
    return answer(asdict(delegations.delegate(gate.actor(), wish, at=clock.now())), 201)


@blueprint.route("/delegations/<id:delegation_id>/end", methods=["POST"])
@gate.requires(Permission.DELEGATE)
@idempotent()
@blueprint.arguments(schemas.DelegationEndBody)
@blueprint.response(200, schemas.Delegation, description="已结束的代理")
@blueprint.doc(operationId="endDelegation", summary="提前结束代理")
def end(body: dict[str, Any], delegation_id: int) -> Response:
    """代理人的会话 5 秒内失去这一身份。"""
    ended = delegations.end_delegation(gate.actor(), delegation_id, body["reason"], at=clock.now())
    return answer(asdict(ended))
