"""小程序码: of an invitation and of the public card; the pictures themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, current_app, url_for

from app import clock
from app.api import gate, programs
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.attachments import LinkQuery
from app.api.schemas.program_codes import InvitationSecret, ProgramCodeLink
from app.domain.permissions import Permission
from app.domain.program_codes import Sign, card_sign, invitation_sign
from services import program_codes
from services.directory.find_enterprises import require_enterprise
from services.gateways.file_store import FileStore
from services.members.invite import end_of_invitation
from services.program_codes import Link

blueprint = resource("program-codes", "小程序码")

CARD_KEPT_FOR = timedelta(days=365)


@blueprint.route(
    "/enterprises/<id:enterprise_id>/invitations/<id:invitation_id>/program-code",
    methods=["POST"],
)
@gate.requires(Permission.INVITE_MEMBERS)
@idempotent()
@programs.takes_program
@blueprint.arguments(InvitationSecret)
@blueprint.response(200, ProgramCodeLink, description="小程序码的图片地址")
@blueprint.may_answer(409)
@blueprint.doc(operationId="getInvitationProgramCode", summary="邀请的小程序码")
def of_invitation(body: dict[str, Any], enterprise_id: int, invitation_id: int) -> Response:
    """扫码进入小程序的接受邀请页。图片即邀请，只发给受邀的同事；邀请用过、作废或到期后不再提供。

    有几个小程序时，扫码打开 X-Program 所说的一个；不带则为第一个供企业使用的。
    """
    code = body["code"]
    end = end_of_invitation(gate.actor(), enterprise_id, invitation_id, code, at=clock.now())
    return _linked(invitation_sign(code), end)


@blueprint.route("/enterprises/<id:enterprise_id>/card/program-code", methods=["POST"])
@gate.requires(Permission.READ_ENTERPRISES)
@idempotent()
@programs.takes_program
@blueprint.response(200, ProgramCodeLink, description="小程序码的图片地址")
@blueprint.doc(operationId="getCardProgramCode", summary="公示卡的小程序码")
def of_card(enterprise_id: int) -> Response:
    """扫码打开企业的公示卡，可张贴；码中只有企业编号，登录后看得到该企业的人才看得到卡。

    有几个小程序时，扫码打开 X-Program 所说的一个；不带则为第一个供企业使用的。
    """
    require_enterprise(gate.actor(), enterprise_id)
    return _linked(card_sign(enterprise_id), clock.real() + CARD_KEPT_FOR)


@blueprint.route("/program-codes/<id:code_id>/picture", methods=["GET"])
@gate.public
@blueprint.arguments(LinkQuery, location="query")
@blueprint.response(200, content_type="image/png", description="图片")
@blueprint.response(200, content_type="image/jpeg", description="图片")
@blueprint.may_answer(403)
@blueprint.doc(operationId="getProgramCodePicture", summary="小程序码的图片")
def picture(query: dict[str, Any], code_id: int) -> Response:
    """凭地址中的签名取得，不另行登录；类型以 Content-Type 为准；过期后须重新获取地址。"""
    link = Link(code_id, query["expires"], query["signature"])
    shown = program_codes.open_link(link, _settings().link_key, _files(), at=clock.real())
    made = Response(shown.content, mimetype=shown.media_type)
    made.headers["Cache-Control"] = f"private, max-age={program_codes.LINK_LIFETIME.seconds}"
    made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return made


def _linked(sign: Sign, expires_at: datetime) -> Response:
    at = clock.real()
    code_id = program_codes.obtain(programs.opened(), sign, _files(), expires_at, at=at)
    link = program_codes.sign_link(code_id, _settings().link_key, at=at)
    url = url_for(
        "program-codes.picture", code_id=code_id, expires=link.expires, signature=link.signature
    )
    ends_at = datetime.fromtimestamp(link.expires, UTC).astimezone(clock.LOCAL_ZONE)
    return answer({"id": code_id, "page": sign.page, "url": url, "expires_at": ends_at})


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _files() -> FileStore:
    return FileStore(_settings().file_store)
