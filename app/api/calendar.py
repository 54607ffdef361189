"""工作日历: working days and office hours, as deadlines count them."""

from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.calendar import CalendarDays, CalendarQuery
from app.domain.office_hours import Periods
from app.domain.permissions import Permission
from services.tickets.workdays import Day, list_workdays

blueprint = resource("calendar", "工作日历")


@blueprint.route("/calendar/days", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(CalendarQuery, location="query")
@blueprint.response(200, CalendarDays, description="逐日")
@blueprint.may_answer(409)
@blueprint.doc(operationId="listCalendarDays", summary="工作日查询")
def days(query: dict[str, Any]) -> Response:
    """时限按这里的工作日和办公时间计算。"""
    found = list_workdays(query["first"], query["last"], query["area"] or "")
    return answer(
        {
            "calendar_version": found.calendar_version,
            "office_hours": _hours(found.office_hours),
            "items": [_day(day) for day in found.days],
        }
    )


def _day(day: Day) -> dict[str, Any]:
    return {
        "day": day.day,
        "is_workday": day.is_workday,
        "is_provisional": day.is_provisional,
        "office_hours": _hours(day.hours),
    }


def _hours(periods: Periods) -> list[dict[str, str]]:
    return [{"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"} for start, end in periods]
