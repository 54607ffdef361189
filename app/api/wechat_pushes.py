"""没有办成的微信推送: which they are, and trying one again."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.pushes import PushItem, PushPage
from app.domain.permissions import Permission
from services.pushes.faults import list_faults, try_again

blueprint = resource("wechat-pushes", "没有办成的微信推送")


@blueprint.route("/wechat-pushes", methods=["GET"])
@gate.requires(Permission.MANAGE_PUSHES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PushPage, description="一页没有办成的推送")
@blueprint.doc(operationId="listFailedPushes", summary="没有办成的微信推送")
def listing(query: dict[str, Any]) -> Response:
    """出过故障、稍后自动再办的，和已放弃的；不含推送的内容。新的在前。"""
    found, cursor = list_faults(gate.actor(), page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/wechat-pushes/<id:push_id>/retry", methods=["POST"])
@gate.requires(Permission.MANAGE_PUSHES)
@idempotent()
@blueprint.response(200, PushItem, description="重新等待办理的推送")
@blueprint.may_answer(409)
@blueprint.doc(operationId="retryPush", summary="重新办理推送")
def again(push_id: int) -> Response:
    """只限已放弃的；不会办两次。记入审计。"""
    return answer(asdict(try_again(gate.actor(), push_id, at=clock.real())))
