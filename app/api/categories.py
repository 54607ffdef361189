"""诉求类别."""

from dataclasses import asdict

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.directory import CategoryList
from app.domain.permissions import Permission
from services.directory.categories import list_categories

blueprint = resource("categories", "诉求类别")


@blueprint.route("/categories", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.response(200, CategoryList, description="全部类别")
@blueprint.doc(operationId="listCategories", summary="诉求类别")
def listing() -> Response:
    """可选用的类别，一次全部给出。"""
    return answer({"items": [asdict(category) for category in list_categories()]})
