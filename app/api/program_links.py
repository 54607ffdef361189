"""小程序链接: of an invitation and of the public card, for whoever is outside WeChat."""

from datetime import datetime
from typing import Any

from flask import Response

from app import clock
from app.api import gate, programs
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.program_links import InvitationLinkBody, LinkBody, ProgramLinkAnswer
from app.domain.permissions import Permission
from app.domain.program_links import LONGEST, LinkForm, Target, card_target, invitation_target
from services.directory.find_enterprises import require_enterprise
from services.members.invite import end_of_invitation
from services.program_links import obtain_link

blueprint = resource("program-links", "小程序链接")


@blueprint.route(
    "/enterprises/<id:enterprise_id>/invitations/<id:invitation_id>/program-link",
    methods=["POST"],
)
@gate.requires(Permission.INVITE_MEMBERS)
@programs.takes_program
@idempotent()
@blueprint.arguments(InvitationLinkBody)
@blueprint.response(200, ProgramLinkAnswer, description="打开小程序的链接")
@blueprint.may_answer(409)
@blueprint.doc(operationId="getInvitationProgramLink", summary="邀请的小程序链接")
def of_invitation(body: dict[str, Any], enterprise_id: int, invitation_id: int) -> Response:
    """在微信之外点开即进入接受邀请页。链接即邀请，只发给受邀的同事；最长三十天，邀请到期则一同失效。"""
    code, at = body["code"], clock.now()
    end = end_of_invitation(gate.actor(), enterprise_id, invitation_id, code, at=at)
    # Invitations end in business time, links in real time.
    wanted = clock.real() + (end - at)
    return _answered(invitation_target(code), LinkForm(body["form"]), wanted)


@blueprint.route("/enterprises/<id:enterprise_id>/card/program-link", methods=["POST"])
@gate.requires(Permission.READ_ENTERPRISES)
@programs.takes_program
@idempotent()
@blueprint.arguments(LinkBody)
@blueprint.response(200, ProgramLinkAnswer, description="打开小程序的链接")
@blueprint.doc(operationId="getCardProgramLink", summary="公示卡的小程序链接")
def of_card(body: dict[str, Any], enterprise_id: int) -> Response:
    """在微信之外点开企业的公示卡；链接中只有企业编号，登录后看得到该企业的人才看得到卡。"""
    require_enterprise(gate.actor(), enterprise_id)
    wanted = clock.real() + LONGEST
    return _answered(card_target(enterprise_id), LinkForm(body["form"]), wanted)


def _answered(target: Target, form: LinkForm, wanted: datetime) -> Response:
    link, expires_at = obtain_link(programs.opened(), target, form, wanted, at=clock.real())
    ends_at = expires_at.astimezone(clock.LOCAL_ZONE)
    return answer({"form": form, "page": target.page, "link": link, "expires_at": ends_at})
