"""加入企业: by an invitation, by WeChat or logged in; or by asking for it."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate, programs
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.log_in_terms import terms
from app.api.schemas.members import (
    InvitationCode,
    InvitedVisitor,
    JoinAnswer,
    JoinRequest,
    Memberships,
)
from app.api.schemas.session import BoundTokens
from app.api.session_answers import entrance, memberships
from app.domain.register import chinese_name
from services.accounts.principals import principal_of
from services.accounts.sessions import digest
from services.accounts.wechat_login import enter_by_number, number_of
from services.members.ask import Wish, ask_to_join
from services.members.invite import accept_as_account, accept_by_number

blueprint = resource("joining", "加入企业")


@blueprint.route("/auth/invitation", methods=["POST"])
@gate.visitor
@blueprint.arguments(InvitedVisitor)
@blueprint.response(200, BoundTokens, description="会话与身份")
@blueprint.may_answer(409)
@blueprint.doc(operationId="acceptInvitationByWeChat", summary="微信用户接受邀请")
def accept_by_wechat(body: dict[str, Any]) -> Response:
    """以访客凭证或微信登录的会话调用；手机号成为该账号的号码，名册中的身份一并绑定。"""
    visitor, known = gate.visiting(), terms()
    phone = number_of(visitor, programs.configured(), body["phone_code"], known)
    name = chinese_name(body["name"])
    accept_by_number(phone, name, body["code"], gate.client_ip(), at=clock.now())
    tokens = enter_by_number(visitor, phone, known)
    gate.forget(digest(gate.token()))
    principal = principal_of(digest(tokens.access_token))
    current = next((standing.id for standing in principal.memberships), None)
    return answer(entrance(tokens) | {"memberships": memberships(principal, current)})


@blueprint.route("/auth/membership-request", methods=["POST"])
@gate.visitor
@blueprint.arguments(JoinRequest)
@blueprint.response(202, JoinAnswer, description="已收到，待核实")
@blueprint.doc(operationId="askToJoin", summary="申请加入企业")
def ask(body: dict[str, Any]) -> Response:
    """手机号不在登记表中时用。由辖区的督导或协调员核实；企业是否登记在册不予透露。"""
    phone = number_of(gate.visiting(), programs.configured(), body["phone_code"], terms())
    ask_to_join(phone, Wish(body["uscc"], body["name"], body["note"]), at=clock.now())
    return answer({"state": "pending"}, 202)


@blueprint.route("/me/memberships", methods=["POST"])
@gate.session
@blueprint.arguments(InvitationCode)
@blueprint.response(200, Memberships, description="全部身份，含新的")
@blueprint.may_answer(409)
@blueprint.doc(operationId="acceptInvitation", summary="已登录的账号接受邀请")
def accept(body: dict[str, Any]) -> Response:
    """一人可以代表几家企业；以 X-Membership 选择身份。"""
    account_id = gate.principal().account_id
    accept_as_account(account_id, body["code"], gate.client_ip(), at=clock.now())
    gate.forget(digest(gate.token()))
    principal = principal_of(digest(gate.token()))
    current = next((standing.id for standing in principal.memberships), None)
    return answer({"memberships": memberships(principal, current)})
