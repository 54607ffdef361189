"""企业成员: the list, invitations, removing; and requests to join, which officials decide."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import segno
from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.members import (
    DecisionBody,
    Invitation,
    InvitationBody,
    MemberPage,
    MembershipRequest,
    MembershipRequestPage,
    RequestQuery,
)
from app.domain.permissions import Permission
from services.members.ask import Decision, decide_request, list_requests
from services.members.invite import invite, revoke_invitation
from services.members.roll import list_members, remove_member

blueprint = resource("members", "企业成员")


@blueprint.route("/enterprises/<id:enterprise_id>/members", methods=["GET"])
@gate.requires(Permission.READ_MEMBERS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, MemberPage, description="一页成员")
@blueprint.doc(operationId="listMembers", summary="企业成员列表")
def listing(query: dict[str, Any], enterprise_id: int) -> Response:
    """正在代表企业办事的人，先加入的在前。"""
    found, cursor = list_members(gate.actor(), enterprise_id, page_of(query), at=clock.now())
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/enterprises/<id:enterprise_id>/members/<id:member_id>", methods=["DELETE"])
@gate.requires(Permission.MANAGE_MEMBERS)
@blueprint.response(204, description="已移除")
@blueprint.may_answer(409)
@blueprint.doc(operationId="removeMember", summary="移除成员")
def remove(enterprise_id: int, member_id: int) -> Response:
    """最后一名管理员不能移除；登记的联系人由报送单位更正。所办的事仍留其名。"""
    remove_member(gate.actor(), enterprise_id, member_id, at=clock.now())
    return nothing()


@blueprint.route("/enterprises/<id:enterprise_id>/invitations", methods=["POST"])
@gate.requires(Permission.INVITE_MEMBERS)
@idempotent()
@blueprint.arguments(InvitationBody)
@blueprint.response(201, Invitation, description="邀请，邀请码只显示这一次")
@blueprint.doc(operationId="inviteMember", summary="邀请同事")
def create_invitation(body: dict[str, Any], enterprise_id: int) -> Response:
    """把链接或二维码发给一名同事；只能用一次，到期作废。"""
    lifetime = timedelta(days=current_app.config["SETTINGS"].invitation_days)
    offer = invite(gate.actor(), enterprise_id, body["role"], lifetime, at=clock.now())
    picture = segno.make(offer.link, error="m").svg_inline(scale=4)
    place = f"/api/v1/enterprises/{enterprise_id}/invitations/{offer.id}"
    return answer(asdict(offer) | {"qr_svg": picture}, 201, location=place)


@blueprint.route(
    "/enterprises/<id:enterprise_id>/invitations/<id:invitation_id>", methods=["DELETE"]
)
@gate.requires(Permission.INVITE_MEMBERS)
@blueprint.response(204, description="已作废")
@blueprint.doc(operationId="revokeInvitation", summary="作废邀请")
def revoke(enterprise_id: int, invitation_id: int) -> Response:
    """尚未使用的邀请立即作废。"""
    revoke_invitation(gate.actor(), enterprise_id, invitation_id, at=clock.now())
    return nothing()


@blueprint.route("/membership-requests", methods=["GET"])
@gate.requires(Permission.DECIDE_MEMBERSHIP)
@blueprint.arguments(RequestQuery, location="query")
@blueprint.response(200, MembershipRequestPage, description="一页加入申请")
@blueprint.doc(operationId="listMembershipRequests", summary="加入申请列表")
def requests(query: dict[str, Any]) -> Response:
    """您辖区内企业的加入申请，先申请的在前。"""
    found, cursor = list_requests(gate.actor(), query["state"], page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/membership-requests/<id:membership_request_id>/decision", methods=["POST"])
@gate.requires(Permission.DECIDE_MEMBERSHIP)
@idempotent()
@blueprint.arguments(DecisionBody)
@blueprint.response(200, MembershipRequest, description="已处理的申请")
@blueprint.doc(operationId="decideMembershipRequest", summary="处理加入申请")
def decide(body: dict[str, Any], membership_request_id: int) -> Response:
    """请先向企业核实。同意后申请人再次绑定手机号即可进入；拒绝须说明理由。"""
    decision = Decision(body["approved"], body["role"], body["reason"])
    return answer(
        asdict(decide_request(gate.actor(), membership_request_id, decision, at=clock.now()))
    )
