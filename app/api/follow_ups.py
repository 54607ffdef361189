"""跟踪回访: the queue of the housekeepers, and how many there were."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas import follow_ups as schemas
from app.domain.periods import Period
from app.domain.permissions import Permission
from services.aftercare import visits

blueprint = resource("follow-up-visits", "跟踪回访")

ONE = "/follow-up-visits/<id:visit_id>"


@blueprint.route("/follow-up-visits", methods=["GET"])
@gate.requires(Permission.READ_FOLLOW_UPS)
@blueprint.arguments(schemas.VisitQuery, location="query")
@blueprint.response(200, schemas.VisitItemPage, description="一页跟踪回访")
@blueprint.doc(operationId="listFollowUpVisits", summary="跟踪回访列表")
def listing(query: dict[str, Any]) -> Response:
    """疑难的和差评属实的诉求归档 30 天后，以及一年没有诉求的结对企业。日期早的在前。"""
    found, cursor = visits.list_visits(
        gate.actor(), query["state"], page_of(query), is_due=query["due"], at=clock.now()
    )
    return answer(page_body(found, cursor, dict))


@blueprint.route(f"{ONE}/outcome", methods=["POST"])
@gate.requires(Permission.WORK_FOLLOW_UPS)
@idempotent()
@blueprint.arguments(schemas.VisitReportBody)
@blueprint.response(200, schemas.VisitItem, description="已登记")
@blueprint.may_answer(409)
@blueprint.doc(operationId="recordFollowUpVisit", summary="登记跟踪回访")
def outcome(body: dict[str, Any], visit_id: int) -> Response:
    """由结对的管家登记。企业提出的问题可先代为登记诉求，再在此填写编号。"""
    report = visits.VisitReport(**body)
    return answer(visits.record_visit(gate.actor(), visit_id, report, at=clock.now()))


@blueprint.route(f"{ONE}/skip", methods=["POST"])
@gate.requires(Permission.WORK_FOLLOW_UPS)
@idempotent()
@blueprint.arguments(schemas.VisitSkipBody)
@blueprint.response(200, schemas.VisitItem, description="已略过")
@blueprint.may_answer(409)
@blueprint.doc(operationId="skipFollowUpVisit", summary="略过跟踪回访")
def skip(body: dict[str, Any], visit_id: int) -> Response:
    """须说明原因；企业不愿被走访的，年度联系自动略过。"""
    return answer(visits.skip_visit(gate.actor(), visit_id, body["reason"], at=clock.now()))


@blueprint.route("/reports/follow-up-visits", methods=["GET"])
@gate.requires(Permission.READ_FOLLOW_UPS)
@blueprint.arguments(schemas.VisitCountQuery, location="query")
@blueprint.response(200, schemas.VisitReport, description="跟踪回访统计")
@blueprint.doc(operationId="reportFollowUpVisits", summary="跟踪回访统计")
def counts(query: dict[str, Any]) -> Response:
    """只统计您范围内的，按应回访的日期。"""
    period = Period(query["first"], query["end"])
    return answer({"kinds": visits.count_visits(gate.actor(), period)})
