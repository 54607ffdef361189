"""登录、刷新、退出 and who I am."""

from datetime import datetime
from typing import Any

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.schemas.session import Me, PasswordLogin, RefreshRequest, TokenPair
from app.domain.labels import ROLE
from app.domain.permissions import Permission
from services.accounts import login, sessions
from services.accounts.sessions import Tokens

blueprint = resource("session", "登录与身份")


@blueprint.route("/auth/password", methods=["POST"])
@gate.public
@blueprint.arguments(PasswordLogin)
@blueprint.response(200, TokenPair, description="登录成功")
@blueprint.may_answer(401, 429)
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
    return answer(_pair(tokens))


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
    return answer(_pair(tokens))


@blueprint.route("/auth/session", methods=["DELETE"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.response(204, description="已退出")
@blueprint.doc(operationId="logOut", summary="退出登录")
def log_out() -> Response:
    """令牌在所有进程中最迟 5 秒内失效。"""
    sessions.close(gate.principal().session_id)
    gate.forget(sessions.digest(gate.token()))
    return nothing()


@blueprint.route("/me", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.response(200, Me, description="当前账号")
@blueprint.doc(operationId="getMe", summary="当前账号与身份")
def me() -> Response:
    """一人可有多个身份，用 X-Membership 选择。"""
    principal, actor = gate.principal(), gate.actor()
    memberships = [
        {
            "id": standing.id,
            "role": standing.role,
            "role_label": ROLE[standing.role],
            "organisation_id": standing.organisation_id,
            "enterprise_id": standing.enterprise_id,
            "housekeeper_id": standing.housekeeper_id,
            "area_code": standing.area_code,
            "is_current": standing.id == actor.membership_id,
        }
        for standing in principal.memberships
    ]
    return answer(
        {"account_id": principal.account_id, "name": principal.name, "login": principal.login}
        | {"memberships": memberships}
    )


def _pair(tokens: Tokens) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": _local(tokens.expires_at),
        "session_expires_at": _local(tokens.session_expires_at),
    }


def _local(instant: datetime) -> datetime:
    return instant.astimezone(clock.LOCAL_ZONE).replace(microsecond=0)
