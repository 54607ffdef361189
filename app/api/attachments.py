"""附件: upload, look up, download through a short-lived signed link."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, current_app, send_file, url_for
from werkzeug.datastructures import FileStorage

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.attachments import Attachment, AttachmentFile, LinkedAttachment, LinkQuery
from app.domain.file_types import FileType
from app.domain.permissions import Permission
from services import attachments, inspections
from services.accounts import rate_limits
from services.attachments import Link, Upload
from services.gateways.file_store import FileStore

WINDOW = timedelta(hours=1)

blueprint = resource("attachments", "附件")


def _any_file(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view answers a file of any type that may be attached."""
    for media_type in FileType:
        view = blueprint.response(200, content_type=media_type.value, description="文件内容")(view)
    return view


@blueprint.route("/attachments", methods=["POST"])
@gate.requires(Permission.UPLOAD)
@idempotent()
@blueprint.arguments(AttachmentFile, location="multipart")
@blueprint.response(201, Attachment, description="已保存")
@blueprint.doc(operationId="uploadAttachment", summary="上传附件")
def create(sent: dict[str, FileStorage]) -> Response:
    """类型按内容判定，须与扩展名一致。被某次操作引用之前，只有上传人可见。"""
    actor, settings = gate.actor(), _settings()
    rate_limits.count(
        f"upload:{actor.account_id}", settings.uploads_per_hour, WINDOW, at=clock.real()
    )
    file = sent["file"]
    stored = attachments.store(
        actor, Upload(file.filename or "", file.read()), _files(), at=clock.now()
    )
    location = url_for("attachments.read", attachment_id=stored["id"])
    return answer(stored, 201, location=location)


@blueprint.route("/attachments/<id:attachment_id>", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.response(200, LinkedAttachment, description="附件和下载链接")
@blueprint.may_answer(410)
@blueprint.doc(operationId="getAttachment", summary="附件的下载链接")
def read(attachment_id: int) -> Response:
    """看得到诉求才看得到它的附件；企业看不到内部环节的附件；督导须先说明理由。已清除的答 410。"""
    found = attachments.describe(gate.actor(), attachment_id)
    inspections.demand_reason_for_file(gate.actor(), attachment_id, at=clock.real())
    link = attachments.sign(attachment_id, _settings().link_key, at=clock.real())
    url = url_for(
        "attachments.content",
        attachment_id=attachment_id,
        expires=link.expires,
        signature=link.signature,
    )
    expires_at = datetime.fromtimestamp(link.expires, UTC).astimezone(clock.LOCAL_ZONE)
    return answer(found | {"url": url, "expires_at": expires_at})


@blueprint.route("/attachments/<id:attachment_id>/content", methods=["GET"])
@gate.public
@blueprint.arguments(LinkQuery, location="query")
@_any_file
@blueprint.may_answer(403, 410)
@blueprint.doc(operationId="downloadAttachment", summary="下载附件")
def content(query: dict[str, Any], attachment_id: int) -> Response:
    """凭链接中的签名下载，不另行登录；过期后须重新获取链接；已清除的答 410。"""
    link = Link(attachment_id, query["expires"], query["signature"])
    found, file = attachments.open_link(link, _settings().link_key, _files(), at=clock.real())
    made = send_file(
        file,
        mimetype=found["media_type"],
        as_attachment=True,
        download_name=found["filename"],
        conditional=False,
        etag=False,
    )
    made.content_length = found["size"]
    made.headers["Cache-Control"] = "no-store"
    made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return made


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _files() -> FileStore:
    return FileStore(_settings().file_store)
