"""登录、刷新、退出 and who I am."""

from typing import Any

from flask import Response

from app.api import gate, programs
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.log_in_terms import terms
from app.api.problems import refusal
from app.api.schemas.session import Me, PasswordLogin, RefreshRequest, SecondStep, TokenPair
from app.api.session_answers import memberships, pair
from app.domain.errors import SecondFactorNeeded
from services.accounts import bindings, login, sessions
from services.accounts.challenges import Challenge
from services.accounts.principals import Restriction

blueprint = resource("session", "登录与身份")


@blueprint.route("/auth/password", methods=["POST"])
@gate.public
@blueprint.arguments(PasswordLogin)
@blueprint.response(200, TokenPair, description="登录成功")
@blueprint.may_answer(401)
@blueprint.doc(operationId="logIn", summary="账号密码登录")
def log_in(credentials: dict[str, Any]) -> Response:
    """连续失败须等待，时间逐次加长；回答不透露账号是否存在。

    启用了第二因素的账号得到 401 `second-factor-needed`，凭其中的 challenge 完成第二步
    （`POST /auth/second-factor`）。
    """
    given = login.log_in(credentials["login"], credentials["password"], terms())
    if isinstance(given, Challenge):
        return refusal(SecondFactorNeeded(given.token, given.expires_at))
    return answer(pair(given))


@blueprint.route("/auth/second-factor", methods=["POST"])
@gate.public
@blueprint.arguments(SecondStep)
@blueprint.response(200, TokenPair, description="登录成功")
@blueprint.may_answer(401)
@blueprint.doc(operationId="logInByCode", summary="以第二因素完成登录")
def second_step(body: dict[str, Any]) -> Response:
    """challenge 五分钟内有效，只能在得到它的网络地址使用一次。

    验证码和恢复码都只能用一次。
    """
    tokens = login.log_in_by_code(body["challenge"], body["code"], terms())
    return answer(pair(tokens))


@blueprint.route("/auth/refresh", methods=["POST"])
@gate.public
@blueprint.arguments(RefreshRequest)
@blueprint.response(200, TokenPair, description="新的令牌")
@blueprint.may_answer(401)
@blueprint.doc(operationId="refreshSession", summary="换取新令牌")
def refresh(body: dict[str, Any]) -> Response:
    """旧令牌随即作废；会话的最长期限不变。"""
    tokens, voided = login.refresh(body["refresh_token"], terms())
    gate.forget(voided)
    return answer(pair(tokens))


@blueprint.route("/auth/session", methods=["DELETE"])
@gate.session
@gate.eases(*Restriction)
@blueprint.response(204, description="已退出")
@blueprint.doc(operationId="logOut", summary="退出登录")
def log_out() -> Response:
    """令牌在所有进程中最迟 5 秒内失效。没有任何身份也可退出。"""
    login.log_out(gate.principal(), gate.client_ip())
    gate.forget(sessions.digest(gate.token()))
    return nothing()


@blueprint.route("/me", methods=["GET"])
@gate.session
@gate.eases(*Restriction)
@blueprint.takes_membership
@programs.takes_program
@blueprint.response(200, Me, description="当前账号")
@blueprint.doc(operationId="getMe", summary="当前账号与身份")
def me() -> Response:
    """一人可有多个身份，用 X-Membership 选择。身份均已结束的，memberships 为空，只能退出或解绑。"""
    principal, current = gate.principal(), gate.membership()
    bound = bindings.bindings_of(principal.account_id, programs.appid())
    return answer(
        {
            "account_id": principal.account_id,
            "name": principal.name,
            "login": principal.login,
            "is_wechat_bound": bound.is_wechat_bound,
            "is_wecom_bound": bound.is_wecom_bound,
            "has_second_factor": principal.has_second_factor,
            "must_first": gate.restriction(),
            "memberships": memberships(principal, current.id if current else None),
        }
    )
