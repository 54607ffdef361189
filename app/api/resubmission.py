"""重新提交: one tap, and what lapsed begins again."""

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.tickets import TicketDetail
from app.domain.permissions import Permission
from services.coordination.resubmission import resubmit
from services.gateways.file_store import FileStore
from services.tickets import show

blueprint = resource("resubmission", "重新提交")


@blueprint.route("/tickets/<number:number>/resubmission", methods=["POST"])
@gate.requires(Permission.RESUBMIT)
@idempotent()
@blueprint.response(201, TicketDetail, description="新的诉求")
@blueprint.may_answer(409)
@blueprint.doc(operationId="resubmitTicket", summary="重新提交")
def create(number: str) -> Response:
    """因逾期视为撤回的诉求，按原来的内容、联系人和附件提交为一件新的诉求；只能一次，两件互相注明。"""
    at, settings = clock.now(), current_app.config["SETTINGS"]
    files = FileStore(settings.file_store)
    submitted = resubmit(gate.actor(), number, settings.ticket_prefix, files, at=at)
    ticket = show.show_new(gate.actor(), submitted, at=at)
    location = f"/api/v1/tickets/{submitted.number}"
    return answer(ticket, 201, version=ticket["version"], location=location)
