"""案卷: the whole of a ticket, signed."""

from typing import Any

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.case_files import CaseFile, CaseFileKey
from app.domain.permissions import Permission
from services import inspections
from services.case_files import content, printing, signing

PDF = "application/pdf"

blueprint = resource("case-files", "案卷")


@blueprint.route("/tickets/<number:number>/case-file.json", methods=["POST"])
@gate.requires(Permission.TAKE_CASE_FILE)
@blueprint.response(200, CaseFile, description="签名的案卷")
@blueprint.doc(operationId="takeCaseFile", summary="取得案卷（JSON）")
def take(number: str) -> Response:
    """一件诉求的全部经过、答复、时限、评价和附件清单，以 Ed25519 签名；取得案卷记入审计。

    企业取得的是对企业公开的部分。督导须先说明理由，见“调阅诉求”。签名可用公钥或
    `flask verify-case-file` 核对。
    """
    return answer(_taken(number))


@blueprint.route("/tickets/<number:number>/case-file.pdf", methods=["POST"])
@gate.requires(Permission.TAKE_CASE_FILE)
@blueprint.response(200, content_type=PDF, description="案卷，附签名的 JSON")
@blueprint.doc(operationId="printCaseFile", summary="取得案卷（PDF）")
def printed(number: str) -> Response:
    """与 JSON 相同的内容，供阅读和归档；签名的 JSON 作为附件嵌在文件里。"""
    made = Response(printing.print_case_file(_taken(number)), mimetype=PDF)
    made.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    made.headers["Cache-Control"] = "no-store"
    return made


@blueprint.route("/case-file-key", methods=["GET"])
@gate.public
@blueprint.response(200, CaseFileKey, description="公钥")
@blueprint.doc(operationId="readCaseFileKey", summary="核对案卷签名的公钥")
def key() -> Response:
    """任何人可用它核对案卷是否由本系统签发、内容是否被改动；不需登录。"""
    return answer(signing.public_key(_key()))


def _taken(number: str) -> dict[str, Any]:
    inspections.demand_reason(gate.actor(), number, at=clock.real())
    return signing.sign(content.take(gate.actor(), number, at=clock.now()), _key())


def _key() -> bytes:
    key: bytes = current_app.config["SETTINGS"].case_file_key
    return key
