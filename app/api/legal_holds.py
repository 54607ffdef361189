"""保全: what must not be deleted, whoever waits for it."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.legal_holds import HoldBody, HoldQuery, LegalHoldItem, LegalHoldPage
from app.domain.permissions import Permission
from services.legal_holds import lift, list_holds, place

blueprint = resource("legal-holds", "保全")


@blueprint.route("/legal-holds", methods=["GET"])
@gate.requires(Permission.READ_HOLDS)
@blueprint.arguments(HoldQuery, location="query")
@blueprint.response(200, LegalHoldPage, description="一页保全")
@blueprint.doc(operationId="listLegalHolds", summary="保全列表")
def listing(query: dict[str, Any]) -> Response:
    """安全管理员和审计管理员可见；新的在前。"""
    found, cursor = list_holds(gate.actor(), page_of(query), is_standing=query["standing"])
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/legal-holds", methods=["POST"])
@gate.requires(Permission.PLACE_HOLDS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(HoldBody)
@blueprint.response(201, LegalHoldItem, description="已设定")
@blueprint.may_answer(409)
@blueprint.doc(operationId="placeLegalHold", summary="设定保全")
def create(body: dict[str, Any]) -> Response:
    """保全期间，到期销毁、审计归档和账号注销都不触及该对象。理由记入审计。"""
    named = body["subject_kind"], body["subject"], body["reason"]
    hold = place(gate.actor(), *named, at=clock.real())
    return answer(asdict(hold), 201, location="/api/v1/legal-holds")


@blueprint.route("/legal-holds/<id:hold_id>/lifting", methods=["POST"])
@gate.requires(Permission.PLACE_HOLDS)
@gate.needs_fresh
@idempotent()
@blueprint.response(200, LegalHoldItem, description="已解除")
@blueprint.may_answer(409)
@blueprint.doc(operationId="liftLegalHold", summary="解除保全")
def end(hold_id: int) -> Response:
    """已过保存期限的内容随后销毁。"""
    return answer(asdict(lift(gate.actor(), hold_id, at=clock.real())))
