"""单位: those who report, accept, handle, supervise."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.directory import OrganisationDetail, OrganisationPage, OrganisationQuery
from app.api.schemas.organisations import OrganisationBody, OrganisationChanges
from app.domain.permissions import Permission
from services.directory import configure_organisations as configure
from services.directory.configure_organisations import Changes
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
    """派单时从这里选主办、协办单位；按名称排列。已撤销的单位默认不列出。"""
    wanted = OrganisationFilter(query["q"], query["area"], query["kind"], query["with_closed"])
    units, next_cursor = list_organisations(wanted, page_of(query))
    return answer(page_body(units, next_cursor, asdict))


@blueprint.route("/organisations", methods=["POST"])
@gate.requires(Permission.CONFIGURE_DIRECTORY)
@idempotent()
@blueprint.arguments(OrganisationBody)
@blueprint.response(201, OrganisationDetail, description="新单位，已确认")
@blueprint.doc(operationId="addOrganisation", summary="登记单位")
def add(body: dict[str, Any]) -> Response:
    """名称全市唯一；除垂直管理单位外须填写区划。"""
    organisation_id = configure.add_organisation(gate.actor(), Changes(body))
    made = _detail(organisation_id)
    return answer(made, 201, location=f"/api/v1/organisations/{organisation_id}")


@blueprint.route("/organisations/<id:organisation_id>", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.response(200, OrganisationDetail, description="单位")
@blueprint.doc(operationId="getOrganisation", summary="一个单位")
def read(organisation_id: int) -> Response:
    """未确认的单位来自登记表，尚待核对；已撤销的仍可查到。"""
    return answer(_detail(organisation_id))


@blueprint.route("/organisations/<id:organisation_id>", methods=["PATCH"])
@gate.requires(Permission.CONFIGURE_DIRECTORY)
@blueprint.arguments(OrganisationChanges)
@blueprint.response(200, OrganisationDetail, description="更改后的单位")
@blueprint.may_answer(409)
@blueprint.doc(operationId="changeOrganisation", summary="更改单位")
def change(body: dict[str, Any], organisation_id: int) -> Response:
    """不带的字段不变，null 为清空。"""
    configure.change_organisation(gate.actor(), organisation_id, Changes(body))
    return answer(_detail(organisation_id))


@blueprint.route("/organisations/<id:organisation_id>/confirmation", methods=["POST"])
@gate.requires(Permission.CONFIGURE_DIRECTORY)
@idempotent()
@blueprint.response(200, OrganisationDetail, description="已确认的单位")
@blueprint.doc(operationId="confirmOrganisation", summary="确认单位")
def confirm(organisation_id: int) -> Response:
    """确认登记表中出现的单位；其报送的结对此后直接生效。重复确认无妨。"""
    configure.confirm_organisation(gate.actor(), organisation_id)
    return answer(_detail(organisation_id))


@blueprint.route("/organisations/<id:organisation_id>/closure", methods=["POST"])
@gate.requires(Permission.CONFIGURE_DIRECTORY)
@gate.needs_fresh
@idempotent()
@blueprint.response(200, OrganisationDetail, description="已撤销的单位")
@blueprint.doc(operationId="closeOrganisation", summary="撤销单位")
def close(organisation_id: int) -> Response:
    """尚有未办结的子工单或有效的身份时拒绝，并说明是哪些；历史保留。重复撤销无妨。"""
    configure.close_organisation(gate.actor(), organisation_id, at=clock.now())
    return answer(_detail(organisation_id))


def _detail(organisation_id: int) -> dict[str, Any]:
    return asdict(get_organisation(gate.actor(), organisation_id))
