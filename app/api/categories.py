"""诉求类别."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.directory import CategoryPage
from app.domain.permissions import Permission
from services.directory.categories import list_categories

blueprint = resource("categories", "诉求类别")


@blueprint.route("/categories", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, CategoryPage, description="一页类别")
@blueprint.doc(operationId="listCategories", summary="诉求类别")
def listing(query: dict[str, Any]) -> Response:
    """可选用的类别，按显示顺序排列。"""
    categories, next_cursor = list_categories(page_of(query))
    return answer(page_body(categories, next_cursor, asdict))
