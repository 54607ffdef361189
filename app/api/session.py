"""登录、刷新、退出 and who I am."""

from typing import Any

from flask import Response, current_app

from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.schemas.session import Me, PasswordLogin, RefreshRequest, TokenPair
from app.api.session_answers import memberships, pair
from services.accounts import login, sessions, wechat_binding

blueprint = resource("session", "登录与身份")


@blueprint.route("/auth/password", methods=["POST"])
@gate.public
@blueprint.arguments(PasswordLogin)
@blueprint.response(200, TokenPair, description="登录成功")
@blueprint.may_answer(401)
@blueprint.doc(operationId="logIn", summary="账号密码登录")
def log_in(credentials: dict[str, Any]) -> Response:
    """连续失败会被限制；回答不透露账号是否存在。"""
    tokens = login.log_in(
        credentials["login"],
        credentials["password"],
        gate.client_ip(),
        current_app.config["LIFETIMES"],
        current_app.config["SETTINGS"].login_attempts_per_15_minutes,
    )
    return answer(pair(tokens))


@blueprint.route("/auth/refresh", methods=["POST"])
@gate.public
@blueprint.arguments(RefreshRequest)
@blueprint.response(200, TokenPair, description="新的令牌")
@blueprint.may_answer(401)
@blueprint.doc(operationId="refreshSession", summary="换取新令牌")
def refresh(body: dict[str, Any]) -> Response:
    """旧令牌随即作废；会话的最长期限不变。"""
    tokens, voided = sessions.refresh(body["refresh_token"], current_app.config["LIFETIMES"])
    gate.forget(voided)
    return answer(pair(tokens))


@blueprint.route("/auth/session", methods=["DELETE"])
@gate.session
@blueprint.response(204, description="已退出")
@blueprint.doc(operationId="logOut", summary="退出登录")
def log_out() -> Response:
    """令牌在所有进程中最迟 5 秒内失效。没有任何身份也可退出。"""
    sessions.close(gate.principal().session_id)
    gate.forget(sessions.digest(gate.token()))
    return nothing()


@blueprint.route("/me", methods=["GET"])
@gate.session
@blueprint.takes_membership
@blueprint.response(200, Me, description="当前账号")
@blueprint.doc(operationId="getMe", summary="当前账号与身份")
def me() -> Response:
    """一人可有多个身份，用 X-Membership 选择。身份均已结束的，memberships 为空，只能退出或解绑。"""
    principal, current = gate.principal(), gate.membership()
    binding_id = wechat_binding.binding_of(principal.account_id, gate.appid())
    return answer(
        {
            "account_id": principal.account_id,
            "name": principal.name,
            "login": principal.login,
            "is_wechat_bound": binding_id is not None,
            "memberships": memberships(principal, current.id if current else None),
        }
    )
