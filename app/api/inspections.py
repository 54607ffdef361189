"""调阅: why a supervisor reads the details of a ticket."""

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.inspections import Inspection, InspectionBody
from app.api.session_answers import local
from app.domain.permissions import Permission
from services import inspections

blueprint = resource("inspections", "调阅诉求")


@blueprint.route("/tickets/<number:number>/inspection", methods=["POST"])
@gate.requires(Permission.INSPECT_TICKET)
@idempotent()
@blueprint.arguments(InspectionBody)
@blueprint.response(200, Inspection, description="理由已记录，可以查看详情")
@blueprint.doc(operationId="inspectTicket", summary="说明理由并调阅诉求")
def inspect(sent: dict[str, str], number: str) -> Response:
    """督导查看详情、经过和附件前先说明理由，八小时内有效，记入审计。列表和统计不需要。"""
    until = inspections.state_reason(gate.actor(), number, sent["reason"], at=clock.real())
    return answer({"number": number, "valid_until": local(until)})
