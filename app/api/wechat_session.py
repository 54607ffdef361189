"""微信登录、绑定手机号、解绑."""

from typing import Any

from flask import Response

from app.api import gate, programs
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.log_in_terms import terms
from app.api.schemas.session import BoundTokens, PhoneCode, WeChatCode, WeChatTokens
from app.api.session_answers import entrance, memberships
from services.accounts import principals, wechat_binding, wechat_login
from services.accounts.sessions import digest

blueprint = resource("wechat-session", "微信登录与绑定")


@blueprint.route("/auth/wechat", methods=["POST"])
@gate.public
@programs.takes_program
@blueprint.arguments(WeChatCode)
@blueprint.response(200, WeChatTokens, description="会话，或访客凭证")
@blueprint.may_answer(401, 403)
@blueprint.doc(operationId="logInByWeChat", summary="微信登录")
def log_in(body: dict[str, Any]) -> Response:
    """已绑定的得到会话，身份按登记表和名册重新核对；未绑定的得到 30 分钟的访客凭证，只能用来绑定。

    有几个小程序时，以 X-Program 说明 code 来自哪一个；在一个小程序中绑定过的微信用户，平台给出同一
    unionid 的，在另一个中登录即已绑定。
    凭证（code）只能用一次；凡是失败，都请重新调用 wx.login 获取，不要用同一个凭证重试。
    """
    return answer(entrance(wechat_login.log_in(programs.present(), body["code"], terms())))


@blueprint.route("/auth/phone", methods=["POST"])
@gate.visitor
@blueprint.arguments(PhoneCode)
@blueprint.response(200, BoundTokens, description="已绑定的会话与身份")
@blueprint.doc(operationId="bindPhone", summary="绑定手机号")
def bind(body: dict[str, Any]) -> Response:
    """以访客凭证或微信登录的会话调用；手机号在登记表、管家名册和工作人员名单中的身份一并绑定。

    换了手机号再绑定，旧号带来的身份结束；号码换了主人，以最后一次绑定为准。
    号码不在名册中则什么也不改变，访客凭证仍然有效。
    """
    tokens = wechat_login.bind_phone(gate.visiting(), programs.configured(), body["code"], terms())
    gate.forget(digest(gate.token()))
    principal = principals.principal_of(digest(tokens.access_token))
    current = next((standing.id for standing in principal.memberships), None)
    return answer(entrance(tokens) | {"memberships": memberships(principal, current)})


@blueprint.route("/me/wechat", methods=["DELETE"])
@gate.session
@blueprint.response(204, description="已解绑，或本来没有绑定")
@blueprint.doc(operationId="unbindWeChat", summary="解除微信绑定")
def unbind() -> Response:
    """微信登录的会话随之结束（所有进程中最迟 5 秒内）；密码登录的会话和身份不变。

    在所有小程序中一并解绑；没有任何身份也可解绑。
    """
    wechat_binding.unbind(gate.principal().account_id, gate.client_ip())
    gate.forget(digest(gate.token()))
    return nothing()
