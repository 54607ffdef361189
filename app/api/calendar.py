"""工作日历: working days and office hours, as deadlines count them."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.calendar import CalendarDays, CalendarQuery
from app.domain.permissions import Permission
from services.tickets.workdays import list_workdays

blueprint = resource("calendar", "工作日历")


@blueprint.route("/calendar/days", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(CalendarQuery, location="query")
@blueprint.response(200, CalendarDays, description="逐日")
@blueprint.may_answer(409)
@blueprint.doc(operationId="listCalendarDays", summary="工作日查询")
def days(query: dict[str, Any]) -> Response:
    """时限按这里的工作日和办公时间计算。"""
    found = list_workdays(query["first"], query["last"])
    hours = [
        {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"} for start, end in found.office_hours
    ]
    return answer(
        {
            "calendar_version": found.calendar_version,
            "office_hours": hours,
            "items": [asdict(day) for day in found.days],
        }
    )
