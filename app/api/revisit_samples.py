"""回访抽样: what was drawn, and that it can be drawn again."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import page_body, page_of
from app.api.schemas import revisit_samples as schemas
from app.domain.permissions import Permission
from services.tickets import revisit_samples

blueprint = resource("revisit-samples", "回访抽样")


@blueprint.route("/revisit-samples", methods=["GET"])
@gate.requires(Permission.READ_REVISIT_SAMPLES)
@blueprint.arguments(schemas.SampleQuery, location="query")
@blueprint.response(200, schemas.SampleItemPage, description="一页抽样层")
@blueprint.doc(operationId="listRevisitSamples", summary="回访抽样列表")
def listing(query: dict[str, Any]) -> Response:
    """不属必访的诉求，每月按单位和分级抽取一部分回访；抽签的种子当月不公开。新的月份在前。"""
    found, cursor = revisit_samples.list_samples(
        gate.actor(), query["month"], page_of(query), at=clock.now()
    )
    return answer(page_body(found, cursor, dict))


@blueprint.route("/revisit-samples/<id:sample_id>", methods=["GET"])
@gate.requires(Permission.READ_REVISIT_SAMPLES)
@blueprint.response(200, schemas.SampleDetail, description="抽样层")
@blueprint.doc(operationId="checkRevisitSample", summary="核对一次抽样")
def read(sample_id: int) -> Response:
    """按保存的种子重新抽取，与当时的结果比对。"""
    return answer(revisit_samples.get_sample(gate.actor(), sample_id, at=clock.now()))
