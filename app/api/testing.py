"""Outside production: move the business clock forward."""

from datetime import timedelta
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.schemas.testing import ClockAdvance, ClockReading
from services import business_clock

blueprint = resource("testing", "仅限演示和测试环境")


@blueprint.route("/testing/clock", methods=["POST"])
@gate.public
@blueprint.arguments(ClockAdvance)
@blueprint.response(200, ClockReading, description="业务时钟的新读数")
@blueprint.doc(operationId="advanceClock", summary="向前拨动业务时钟")
def advance(body: dict[str, Any]) -> Response:
    """只能向前；时限和巡查都以业务时钟为准。"""
    offset = business_clock.advance(body["advance_minutes"] * 60)
    clock.set_offset(timedelta(seconds=offset))
    return answer({"now": clock.now(), "offset_minutes": offset // 60})


@blueprint.route("/testing/clock", methods=["GET"])
@gate.public
@blueprint.response(200, ClockReading, description="业务时钟的读数")
@blueprint.doc(operationId="readClock", summary="业务时钟")
def read() -> Response:
    """业务时间 = 真实时间 + 偏移。"""
    return answer({"now": clock.now(), "offset_minutes": business_clock.offset_seconds() // 60})
