"""更换管家的请求, and how many enterprises have a housekeeper at all."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.coverage import CoverageQuery, CoverageReport
from app.api.schemas.pairings import (
    ChangeRequestBody,
    ChangeRequestItem,
    ChangeRequestPage,
    ChangeRequestQuery,
    HousekeeperChangeSettlement,
)
from app.domain.permissions import Permission
from services.pairing.change_requests import (
    Settlement,
    get_request,
    list_requests,
    request_change,
    settle_request,
)
from services.reports.coverage import report_coverage

blueprint = resource("housekeeper-change-requests", "更换管家与覆盖率")


@blueprint.route("/enterprises/<id:enterprise_id>/housekeeper-change-requests", methods=["POST"])
@gate.requires(Permission.REQUEST_HOUSEKEEPER_CHANGE)
@idempotent()
@blueprint.arguments(ChangeRequestBody)
@blueprint.response(201, ChangeRequestItem, description="已提交，待协调员答复")
@blueprint.doc(operationId="requestHousekeeperChange", summary="请求更换管家")
def create(body: dict[str, Any], enterprise_id: int) -> Response:
    """每季度一次，不必说明理由。"""
    made = request_change(gate.actor(), enterprise_id, body["wish"], at=clock.now())
    place = f"/api/v1/housekeeper-change-requests/{made.id}"
    return answer(asdict(made), 201, location=place)


@blueprint.route("/housekeeper-change-requests", methods=["GET"])
@gate.requires(Permission.READ_CHANGE_REQUESTS)
@blueprint.arguments(ChangeRequestQuery, location="query")
@blueprint.response(200, ChangeRequestPage, description="一页请求")
@blueprint.doc(operationId="listHousekeeperChangeRequests", summary="更换管家的请求")
def listing(query: dict[str, Any]) -> Response:
    """企业看到自己的，协调员和督导看到辖区内的；新的在前。"""
    found, next_cursor = list_requests(gate.actor(), query["state"], page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/housekeeper-change-requests/<id:change_request_id>", methods=["GET"])
@gate.requires(Permission.READ_CHANGE_REQUESTS)
@blueprint.response(200, ChangeRequestItem, description="请求")
@blueprint.doc(operationId="getHousekeeperChangeRequest", summary="一项更换管家的请求")
def read(change_request_id: int) -> Response:
    """答复后含说明。"""
    return answer(asdict(get_request(gate.actor(), change_request_id)))


@blueprint.route("/housekeeper-change-requests/<id:change_request_id>/settlement", methods=["POST"])
@gate.requires(Permission.SETTLE_HOUSEKEEPER_CHANGE)
@idempotent()
@blueprint.arguments(HousekeeperChangeSettlement)
@blueprint.response(200, ChangeRequestItem, description="已答复")
@blueprint.doc(operationId="settleHousekeeperChangeRequest", summary="答复更换管家的请求")
def settlement(body: dict[str, Any], change_request_id: int) -> Response:
    """另提一位管家，待其单位确认；或说明不更换的理由。"""
    settled = settle_request(gate.actor(), change_request_id, Settlement(**body), at=clock.now())
    return answer(asdict(settled))


@blueprint.route("/reports/coverage", methods=["GET"])
@gate.requires(Permission.READ_COVERAGE)
@blueprint.arguments(CoverageQuery, location="query")
@blueprint.response(200, CoverageReport, description="覆盖率")
@blueprint.doc(operationId="reportCoverage", summary="管家覆盖率")
def coverage(query: dict[str, Any]) -> Response:
    """只统计您辖区内的企业；有效覆盖另要求联系电话在 12 个月内核实过。"""
    told = report_coverage(gate.actor(), query["group_by"], at=clock.now())
    lines = {"totals": asdict(told["totals"]), "groups": [asdict(one) for one in told["groups"]]}
    return answer(told | lines)
