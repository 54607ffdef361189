"""派单建议: where the like of a ticket belongs."""

from dataclasses import asdict

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.suggestions import DispatchSuggestions
from app.domain.permissions import Permission
from services.coordination.suggestions import suggest_units

blueprint = resource("dispatch-suggestions", "派单建议")


@blueprint.route("/tickets/<number:number>/dispatch-suggestions", methods=["GET"])
@gate.requires(Permission.DISPATCH)
@blueprint.response(200, DispatchSuggestions, description="派单建议")
@blueprint.doc(operationId="suggestDispatch", summary="派给哪个单位")
def read(number: str) -> Response:
    """依据同类别、同地区以往的裁定和各单位登记的职责；退回过本件的单位不再建议。"""
    found = suggest_units(gate.actor(), number)
    return answer({"number": number, "suggestions": [asdict(one) for one in found]})
