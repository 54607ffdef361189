"""时限说明: how a ticket's deadlines come about."""

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.deadlines import Deadlines
from app.domain.permissions import Permission
from services.tickets.deadlines import explain_deadlines

blueprint = resource("deadlines", "时限说明")


@blueprint.route("/tickets/<number:number>/deadline", methods=["GET"])
@gate.requires(Permission.READ_TICKETS)
@blueprint.response(200, Deadlines, description="时限说明")
@blueprint.doc(operationId="explainDeadline", summary="时限是怎样算出来的")
def read(number: str) -> Response:
    """列出计入的每一段时间和扣除的暂停。企业看到的是对企业的时限，不含单位内部时限。"""
    return answer(explain_deadlines(gate.actor(), number, at=clock.now()))
