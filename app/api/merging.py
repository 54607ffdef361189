"""并案: what may be the same, and merging it."""

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.merging import Duplicates, MergeBody
from app.api.schemas.tickets import TicketDetail
from app.api.versions import versioned
from app.domain.permissions import Permission
from services import inspections
from services.tickets import show
from services.tickets.duplicates import find_duplicates
from services.tickets.merging import Wish, merge

blueprint = resource("merging", "疑似重复与并案")


@blueprint.route("/tickets/<number:number>/duplicates", methods=["GET"])
@gate.requires(Permission.READ_DUPLICATES)
@blueprint.response(200, Duplicates, description="疑似重复的诉求")
@blueprint.doc(operationId="listDuplicates", summary="疑似重复的诉求")
def duplicates(number: str) -> Response:
    """同一企业、同一类别、内容相近，未办结或规定天数内结束的，最多十件，最相近的在前；是否并案由人判断。

    天数见流转规则 `duplicate_days`。督导须先说明理由。
    """
    inspections.demand_reason(gate.actor(), number, at=clock.real())
    return answer({"items": find_duplicates(gate.actor(), number, at=clock.now())})


@blueprint.route("/tickets/<number:number>/merge", methods=["POST"])
@gate.requires(Permission.MERGE)
@idempotent()
@versioned
@blueprint.arguments(MergeBody)
@blueprint.response(200, TicketDetail, description="并案后的诉求")
@blueprint.doc(operationId="mergeTicket", summary="并案")
def merge_into(sent: dict[str, str], number: str, expected_version: int) -> Response:
    """并入同一企业的主件；跨企业的一类事由协调员或督导并案。主件的答复同时答复各件，分别评价。"""
    at, actor = clock.now(), gate.actor()
    wish = Wish(number, sent["parent_number"], sent["reason"], expected_version)
    merge(actor, wish, at=at)
    ticket = show.show_own_change(actor, number, at=at)
    return answer(ticket, version=ticket["version"])
