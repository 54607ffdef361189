"""消息模板: each kind of message that goes to phones, and how one would look now."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate, programs
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.message_templates import MessagePreview, MessageTemplateList, PreviewBody
from app.domain.audience import Audience
from app.domain.permissions import Permission
from services.notifications.message_templates import list_message_templates
from services.tickets.previews import Wish, preview

blueprint = resource("message-templates", "消息模板")


@blueprint.route("/message-templates", methods=["GET"])
@gate.requires(Permission.READ_MESSAGE_TEMPLATES)
@programs.takes_program
@blueprint.response(200, MessageTemplateList, description="全部上手机的消息")
@blueprint.doc(operationId="listMessageTemplates", summary="消息模板一览")
def listing() -> Response:
    """每种上手机的消息的文字、字段、去向和后备，以及小程序账号中的模板是否可用。"""
    return answer({"items": list_message_templates(programs.appid())})


@blueprint.route("/message-templates/<string:kind>/preview", methods=["POST"])
@gate.requires(Permission.READ_MESSAGE_TEMPLATES)
@programs.takes_program
@blueprint.arguments(PreviewBody)
@blueprint.response(200, MessagePreview, description="现在发出会是什么样")
@blueprint.may_answer(409)
@blueprint.doc(operationId="previewMessage", summary="预览消息")
def shown(body: dict[str, Any], kind: str) -> Response:
    """以看得到的一件诉求或示例，按发出时同样的规则填写；什么都不改变，也不发出。要到发出时才起算的期限，以诉求现在的期限代替。"""
    audience = body.get("audience")
    told = Audience(audience) if audience else None
    wish = Wish(kind, programs.appid(), body.get("ticket_number"), told)
    return answer(preview(gate.actor(), wish, at=clock.now()))
