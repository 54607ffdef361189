"""站内消息: the inbox of the person who asks."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.inbox import MessageItem, MessagePage, MessageQuery, UnreadCount
from app.domain.permissions import Permission
from services.notifications.inbox import count_unread, list_messages, read_message

blueprint = resource("inbox", "站内消息")


@blueprint.route("/me/messages", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.arguments(MessageQuery, location="query")
@blueprint.response(200, MessagePage, description="一页消息")
@blueprint.doc(operationId="listMessages", summary="我的消息")
def listing(query: dict[str, Any]) -> Response:
    """本账号的消息，不分身份；新的在前。"""
    messages, next_cursor = list_messages(
        gate.actor(),
        page_of(query),
        is_unread_only=query["unread"],
        digest_id=query["digest"],
    )
    return answer(page_body(messages, next_cursor, asdict))


@blueprint.route("/me/messages/unread-count", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.response(200, UnreadCount, description="未读数")
@blueprint.doc(operationId="countUnreadMessages", summary="未读消息数")
def unread_count() -> Response:
    """最多数到 99；is_capped 为真时显示 99+。"""
    return answer(asdict(count_unread(gate.actor())))


@blueprint.route("/me/messages/<id:message_id>/read", methods=["POST"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@idempotent()
@blueprint.response(200, MessageItem, description="已读的消息")
@blueprint.doc(operationId="readMessage", summary="标为已读")
def read(message_id: int) -> Response:
    """重复标记不改变首次阅读时间。"""
    return answer(asdict(read_message(gate.actor(), message_id, at=clock.now())))
