"""工作日历的版本: what was published, and publishing the next one."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.work_calendars import (
    EditionBody,
    ListUpload,
    WorkCalendar,
    WorkCalendarPage,
)
from app.domain.calendar_editions import Edition
from app.domain.permissions import Permission
from app.domain.work_years import read_days
from services.promises.publish import publish
from services.promises.versions import (
    Version,
    get_version,
    list_versions,
)
from services.promises.workbook import read_list

blueprint = resource("work-calendars", "工作日历")


@blueprint.route("/work-calendars", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, WorkCalendarPage, description="一页版本")
@blueprint.doc(operationId="listWorkCalendars", summary="工作日历的版本")
def listing(query: dict[str, Any]) -> Response:
    """新的在前。最新一版的 missing_year 不为空时，应尽快发布该年的放假安排。"""
    found, cursor = list_versions(page_of(query))
    return answer(page_body(found, cursor, _in_short))


@blueprint.route("/work-calendars/<id:calendar_version>", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.response(200, WorkCalendar, description="工作日历")
@blueprint.doc(operationId="getWorkCalendar", summary="工作日历的一个版本")
def read(calendar_version: int) -> Response:
    """已发布的版本不再改变。"""
    return answer(_shown(get_version(calendar_version)))


@blueprint.route("/work-calendars", methods=["POST"])
@gate.requires(Permission.CONFIGURE_PROMISES)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(EditionBody)
@blueprint.response(201, WorkCalendar, description="已发布")
@blueprint.may_answer(409)
@blueprint.doc(operationId="publishWorkCalendar", summary="发布工作日历")
def create(edition: Edition) -> Response:
    """在最新版本上换入一年的放假安排或办公时间，成为下一版。涉及的未结时限随后逐件重定并告知企业。"""
    return _published(edition)


@blueprint.route("/work-calendars/workbook", methods=["POST"])
@gate.requires(Permission.CONFIGURE_PROMISES)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(ListUpload, location="multipart")
@blueprint.response(201, WorkCalendar, description="已发布")
@blueprint.may_answer(409)
@blueprint.doc(operationId="importWorkCalendar", summary="以工作簿发布放假安排")
def import_list(sent: dict[str, Any]) -> Response:
    """每行一个日期，注明放假或上班；有一行有误则整体拒绝，并指出行号。"""
    workbook: FileStorage = sent["workbook"]
    named = {"year": sent["year"], "source": sent["source"]}
    return _published(read_list(workbook.read(), workbook.filename or "", **named))


def _published(edition: Edition) -> Response:
    made = publish(gate.actor(), edition, at=clock.real())
    return answer(_shown(made), 201, location=f"/api/v1/work-calendars/{made.version}")


def _in_short(found: Version) -> dict[str, Any]:
    years = found.document["years"].items()
    return {
        "version": found.version,
        "published_at": found.published_at,
        "source": found.document.get("source"),
        "official_until": max(int(year) for year, row in years if row["status"] == "official"),
        "missing_year": found.missing_year(at=clock.now()),
    }


def _shown(found: Version) -> dict[str, Any]:
    document = found.document
    hours = (
        {
            "area": row.get("area", ""),
            "from": row.get("from", "01-01"),
            "to": row.get("to", "12-31"),
            "periods": _periods(row["periods"]),
        }
        for row in document.get("hours", ())
    )
    return _in_short(found) | {
        "periods": _periods(document["periods"]),
        "hours": list(hours),
        "years": [_year(year, row) for year, row in sorted(document["years"].items())],
    }


def _year(year: str, row: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: sorted(read_days(row[name])) for name in ("holidays", "workdays")}
    return {"year": int(year), "status": row["status"], "source": row.get("source")} | days


def _periods(rows: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    return [dict(zip(("start", "end"), row, strict=True)) for row in rows]
