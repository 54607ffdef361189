"""子工单: the parts of tickets that were given to units."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import PageQuery, page_of
from app.api.schemas.assignments import AssignmentPage
from app.api.schemas.fields import Word
from app.domain.permissions import Permission
from services.tickets.assignments import QUEUES, find_assignments

blueprint = resource("assignments", "子工单")


class AssignmentQuery(PageQuery):
    """子工单列表的筛选."""

    queue = Word(tuple(QUEUES), load_default=None, metadata={"description": "队列"})


@blueprint.route("/assignments", methods=["GET"])
@gate.requires(Permission.READ_ASSIGNMENTS)
@blueprint.arguments(AssignmentQuery, location="query")
@blueprint.response(200, AssignmentPage, description="一页子工单")
@blueprint.doc(operationId="listAssignments", summary="子工单列表")
def listing(query: dict[str, Any]) -> Response:
    """单位人员看到本单位的；先到期的在前。"""
    items, next_cursor = find_assignments(
        gate.actor(), query["queue"], page_of(query), at=clock.now()
    )
    return answer({"items": items, "next_cursor": next_cursor})
