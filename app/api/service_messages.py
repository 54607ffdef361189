"""客服消息: what people wrote to the service who act for no enterprise."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.pushes import (
    ServiceMessageItem,
    ServiceMessageNote,
    ServiceMessagePage,
    ServiceMessageQuery,
)
from app.domain.permissions import Permission
from services.pushes.drafts import list_service_messages, settle_service_message

blueprint = resource("service-messages", "客服消息")


@blueprint.route("/service-messages", methods=["GET"])
@gate.requires(Permission.SETTLE_SERVICE_MESSAGES)
@blueprint.arguments(ServiceMessageQuery, location="query")
@blueprint.response(200, ServiceMessagePage, description="一页客服消息")
@blueprint.doc(operationId="listServiceMessages", summary="待处理的客服消息")
def listing(query: dict[str, Any]) -> Response:
    """没有绑定企业身份的人在微信里发给客服的消息，系统不自动答复；等得最久的在前。"""
    found, cursor = list_service_messages(gate.actor(), page_of(query), is_open=query["is_open"])
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/service-messages/<id:service_message_id>/settlement", methods=["POST"])
@gate.requires(Permission.SETTLE_SERVICE_MESSAGES)
@idempotent()
@blueprint.arguments(ServiceMessageNote)
@blueprint.response(200, ServiceMessageItem, description="已处理")
@blueprint.may_answer(409)
@blueprint.doc(operationId="settleServiceMessage", summary="处理客服消息")
def settle(body: dict[str, Any], service_message_id: int) -> Response:
    """写明如何处理；需要立项的，先代企业提交诉求，再写明其编号。记入审计。"""
    return answer(asdict(settle_service_message(gate.actor(), service_message_id, body["note"])))
