"""行政区划: the tree, a level at a time."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import page_body, page_of
from app.api.schemas.directory import AreaPage, AreaQuery
from app.domain.permissions import Permission
from services.directory.find_areas import list_areas

blueprint = resource("areas", "行政区划")


@blueprint.route("/areas", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(AreaQuery, location="query")
@blueprint.response(200, AreaPage, description="一页区划")
@blueprint.doc(operationId="listAreas", summary="区划列表")
def listing(query: dict[str, Any]) -> Response:
    """某一区划的直接下级；开发区等本地管理区也在其中；按代码排列。"""
    areas, next_cursor = list_areas(query["parent"], page_of(query))
    return answer(page_body(areas, next_cursor, asdict))
