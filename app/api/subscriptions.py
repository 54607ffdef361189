"""订阅消息: what to ask the person for, and what was answered."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate, programs
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.subscriptions import PopupBody, SubscriptionList
from app.domain.permissions import Permission
from services.notifications.consents import list_subscriptions, record_answers

blueprint = resource("subscriptions", "订阅消息")


@blueprint.route("/me/subscriptions", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@programs.takes_program
@blueprint.response(200, SubscriptionList, description="与本人有关的消息模板")
@blueprint.doc(operationId="listSubscriptions", summary="现在应询问哪些订阅")
def listing() -> Response:
    """按当前身份和未办结的诉求，说明该请本人订阅哪些消息、为什么；账号须已绑定微信。

    模板和同意都按小程序分别计算。
    """
    return answer(asdict(list_subscriptions(gate.actor(), programs.appid(), at=clock.real())))


@blueprint.route("/me/subscriptions", methods=["POST"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@idempotent()
@programs.takes_program
@blueprint.arguments(PopupBody)
@blueprint.response(200, SubscriptionList, description="记下之后，与本人有关的消息模板")
@blueprint.doc(operationId="recordSubscriptions", summary="上报订阅弹窗的回答")
def record(popup: dict[str, Any]) -> Response:
    """一次同意计一条；长期订阅模板同意后一直有效。请带 asked_id，重发不会多计。"""
    actor, appid, at = gate.actor(), programs.appid(), clock.real()
    record_answers(actor, appid, popup["answers"], asked_id=popup.get("asked_id"), at=at)
    return answer(asdict(list_subscriptions(actor, appid, at=at)))
