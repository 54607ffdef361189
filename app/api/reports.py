"""统计报表."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.reports import ClosureQuery, ClosureReport
from app.domain.periods import Period
from app.domain.permissions import Permission
from services.reports.closure import report_closure
from services.reports.question import Question

blueprint = resource("reports", "统计报表")


@blueprint.route("/reports/closure", methods=["GET"])
@gate.requires(Permission.READ_REPORTS)
@blueprint.arguments(ClosureQuery, location="query")
@blueprint.response(200, ClosureReport, description="办结情况")
@blueprint.doc(operationId="reportClosure", summary="办结情况报表")
def closure(query: dict[str, Any]) -> Response:
    """只统计您范围内的诉求。每个比率附分子、分母；分母为 0 时为空，不是 100%。"""
    asked = Question(
        Period(query["first"], query["end"]), query["group_by"], query["cohort"], query["as_of"]
    )
    return answer(report_closure(gate.actor(), asked, at=clock.now()))
