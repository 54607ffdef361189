"""个人信息处理告知: in one visible place, for anybody."""

from dataclasses import asdict
from datetime import timedelta

from flask import Response, current_app

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.privacy_notice import PrivacyNotice
from services.privacy_notice import notice

blueprint = resource("privacy-notice", "个人信息处理告知")


@blueprint.route("/privacy-notice", methods=["GET"])
@gate.public
@blueprint.response(200, PrivacyNotice, description="告知")
@blueprint.doc(operationId="readPrivacyNotice", summary="个人信息处理告知")
def read() -> Response:
    """谁处理、为何、哪些、保存多久、有何权利、怎样注销；不需登录。"""
    settings = current_app.config["SETTINGS"]
    terms, audit_kept = current_app.config["RETENTION"], timedelta(days=settings.audit_keep_days)
    return answer(asdict(notice(settings.operator_name, terms, audit_kept)))
