"""行政区划: the tree, a level at a time."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.areas import ZoneBody
from app.api.schemas.directory import AreaItem, AreaPage, AreaQuery
from app.domain.permissions import Permission
from services.directory.find_areas import list_areas
from services.directory.local_zones import NewZone, add_zone

blueprint = resource("areas", "行政区划")


@blueprint.route("/areas", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(AreaQuery, location="query")
@blueprint.response(200, AreaPage, description="一页区划")
@blueprint.doc(operationId="listAreas", summary="区划列表")
def listing(query: dict[str, Any]) -> Response:
    """某一区划的直接下级；开发区等本地管理区也在其中；已撤销的不列出；按代码排列。"""
    areas, next_cursor = list_areas(query["parent"], page_of(query))
    return answer(page_body(areas, next_cursor, asdict))


@blueprint.route("/areas", methods=["POST"])
@gate.requires(Permission.CONFIGURE_DIRECTORY)
@idempotent()
@blueprint.arguments(ZoneBody)
@blueprint.response(201, AreaItem, description="新的本地管理区")
@blueprint.doc(operationId="addLocalZone", summary="设立本地管理区")
def add(body: dict[str, Any]) -> Response:
    """代码由系统按上级区划编定：上级的前缀加字母。国家代码的调整用 flask areas apply。"""
    zone = add_zone(gate.actor(), NewZone(**body))
    return answer(asdict(zone), 201, location=f"/api/v1/areas?parent={zone.parent_code}")
