"""未送达的手机消息: which they are and why; people may have one sent again."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.deliveries import DeliveryItem, DeliveryPage, DeliveryQuery
from app.domain.delivery import DeliveryState
from app.domain.permissions import Permission
from services.notifications.deliveries import list_deliveries, resend
from services.tickets.terms import newest_calendar

blueprint = resource("deliveries", "手机消息投递")


@blueprint.route("/deliveries", methods=["GET"])
@gate.requires(Permission.MANAGE_DELIVERIES)
@blueprint.arguments(DeliveryQuery, location="query")
@blueprint.response(200, DeliveryPage, description="一页未送达或结果不明的消息")
@blueprint.doc(operationId="listDeliveries", summary="未送达的手机消息")
def listing(query: dict[str, Any]) -> Response:
    """只列本人看得到的诉求的消息；站内消息不受影响，接收人始终可以在站内看到。新的在前。"""
    state = DeliveryState(query["state"]) if query["state"] else None
    found, next_cursor = list_deliveries(gate.actor(), state, page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/deliveries/<id:delivery_id>/resend", methods=["POST"])
@gate.requires(Permission.MANAGE_DELIVERIES)
@idempotent()
@blueprint.response(200, DeliveryItem, description="重新等待发送的消息")
@blueprint.doc(operationId="resendDelivery", summary="重新发送")
def send_again(delivery_id: int) -> Response:
    """只限未送达或结果不明的消息；免打扰时段内等到上班，情况已变、没有订阅时仍不会发出。结果不明的可能已经送达过。"""
    again = resend(gate.actor(), delivery_id, newest_calendar(), at=clock.now())
    return answer(asdict(again))
