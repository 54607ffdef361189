"""本人的密码、再次验证身份、会话."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate, programs
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.log_in_terms import terms
from app.api.schemas.own_login import PasswordChange, Proof, SessionList
from app.api.session_answers import local
from app.domain.masking import mask_ip
from services.accounts import own_login, own_sessions
from services.accounts.own_sessions import OwnSession
from services.accounts.principals import Restriction
from services.accounts.sessions import digest

blueprint = resource("own-login", "本人的密码与会话")


@blueprint.route("/me/password", methods=["POST"])
@gate.session
@gate.eases(Restriction.CHANGE_PASSWORD)
@blueprint.arguments(PasswordChange)
@blueprint.response(204, description="已修改，其他会话已结束")
@blueprint.may_answer(409)
@blueprint.doc(operationId="changePassword", summary="修改本人密码")
def change_password(body: dict[str, Any]) -> Response:
    """新密码至少 10 个字符，含大写、小写、数字、符号中的三种，或不少于 16 个字符；

    不能包含账号、姓名、手机号，不能是常见密码或最近 5 次用过的。其他会话随即结束，本会话不变。
    """
    ended = own_login.change_password(gate.principal(), body["current"], body["new"], terms())
    return _without(*ended, digest(gate.token()))


@blueprint.route("/me/reauthentication", methods=["POST"])
@gate.session
@gate.eases(*Restriction)
@blueprint.arguments(Proof)
@blueprint.response(204, description="十分钟内可做须再次验证的操作")
@blueprint.may_answer(409)
@blueprint.doc(operationId="reauthenticate", summary="再次验证身份")
def reauthenticate(body: dict[str, Any]) -> Response:
    """三者给出一项：密码、第二因素的验证码或恢复码、新的 wx.login 凭证（限微信登录的会话）。"""
    principal, under = gate.principal(), terms()
    if "password" in body:
        own_login.by_password(principal, body["password"], under)
    elif "code" in body:
        own_login.by_code(principal, body["code"], under)
    else:
        own_login.by_wechat(principal, programs.of_session(), body["wechat_code"], under)
    return _without(digest(gate.token()))


@blueprint.route("/me/sessions", methods=["GET"])
@gate.session
@blueprint.response(200, SessionList, description="未结束的会话")
@blueprint.doc(operationId="listSessions", summary="本人的会话")
def sessions() -> Response:
    """最近使用的在前。网络地址只显示一部分。"""
    principal = gate.principal()
    found = own_sessions.list_sessions(principal.account_id, at=clock.real())
    return answer({"items": [_shown(one, principal.session_id) for one in found]})


@blueprint.route("/me/sessions", methods=["DELETE"])
@gate.session
@blueprint.response(204, description="已结束")
@blueprint.doc(operationId="endOtherSessions", summary="结束其他会话")
def end_others() -> Response:
    """本会话不变；其他会话在所有进程中最迟 5 秒内失效。"""
    return _without(*own_sessions.end_others(gate.principal()))


@blueprint.route("/me/sessions/<id:session_id>", methods=["DELETE"])
@gate.session
@blueprint.response(204, description="已结束")
@blueprint.doc(operationId="endSession", summary="结束一个会话")
def end_one(session_id: int) -> Response:
    """只能是本人的，也可以是本会话。"""
    return _without(*own_sessions.end_one(gate.principal(), session_id))


def _without(*digests: bytes) -> Response:
    """Nothing to tell; this process remembers none of these tokens."""
    for one in digests:
        gate.forget(one)
    return nothing()


def _shown(session: OwnSession, current_id: int) -> dict[str, Any]:
    return {
        "id": session.id,
        "kind": session.kind,
        "is_by_wechat": session.is_by_wechat,
        "client": session.client,
        "ip": mask_ip(session.ip) if session.ip else None,
        "created_at": local(session.created_at),
        "last_seen_at": local(session.last_seen_at),
        "expires_at": local(session.expires_at),
        "is_current": session.id == current_id,
    }
