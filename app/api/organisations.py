"""单位: those who report, accept, handle, supervise."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import page_body, page_of
from app.api.schemas.directory import Organisation, OrganisationPage, OrganisationQuery
from app.domain.permissions import Permission
from services.directory.find_organisations import (
    OrganisationFilter,
    get_organisation,
    list_organisations,
)

blueprint = resource("organisations", "单位")


@blueprint.route("/organisations", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(OrganisationQuery, location="query")
@blueprint.response(200, OrganisationPage, description="一页单位")
@blueprint.doc(operationId="listOrganisations", summary="单位列表")
def listing(query: dict[str, Any]) -> Response:
    """派单时从这里选主办、协办单位；按名称排列。"""
    wanted = OrganisationFilter(query["q"], query["area"], query["kind"])
    units, next_cursor = list_organisations(wanted, page_of(query))
    return answer(page_body(units, next_cursor, asdict))


@blueprint.route("/organisations/<id:organisation_id>", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.response(200, Organisation, description="单位")
@blueprint.doc(operationId="getOrganisation", summary="一个单位")
def read(organisation_id: int) -> Response:
    """未确认的单位来自登记表，尚待核对。"""
    return answer(asdict(get_organisation(organisation_id)))
