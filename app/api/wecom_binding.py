"""企业微信绑定与解绑."""

from typing import Any

from flask import Response, current_app

from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.log_in_terms import terms
from app.api.schemas.wecom import WeComBound, WeComCode
from app.clock import LOCAL_ZONE
from services.accounts import wecom_binding

blueprint = resource("wecom-binding", "企业微信绑定")


@blueprint.route("/me/wecom-binding", methods=["POST"])
@gate.session
@blueprint.arguments(WeComCode)
@blueprint.response(200, WeComBound, description="已绑定")
@blueprint.may_answer(403, 409)
@blueprint.doc(operationId="bindWeCom", summary="绑定企业微信")
def bind(body: dict[str, Any]) -> Response:
    """管家和工作人员在企业微信中打开页面后调用，以页面得到的授权码绑定；以后的手机消息改由企业微信发送。

    授权码只能用一次。一个企业微信成员只能绑定一个账号，一个账号只能绑定一个成员；重复绑定同一成员不改变什么。
    """
    wecom = current_app.config["WECOM"]
    bound = wecom_binding.bind(gate.principal(), wecom, body["code"], terms())
    return answer({"bound_at": bound.bound_at.astimezone(LOCAL_ZONE)})


@blueprint.route("/me/wecom-binding", methods=["DELETE"])
@gate.session
@blueprint.response(204, description="已解绑，或本来没有绑定")
@blueprint.doc(operationId="unbindWeCom", summary="解除企业微信绑定")
def unbind() -> Response:
    """会话和身份不变；以后的手机消息改由小程序发送。没有任何身份也可解绑。"""
    wecom_binding.unbind(gate.principal().account_id, gate.client_ip())
    return nothing()
