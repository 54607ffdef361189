"""管家: the roster, within the caller's area."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import page_body, page_of
from app.api.schemas.directory import (
    Housekeeper,
    HousekeeperLoad,
    HousekeeperPage,
    HousekeeperQuery,
)
from app.domain.permissions import Permission
from services.directory.find_housekeepers import (
    HousekeeperFilter,
    get_housekeeper,
    list_housekeepers,
)
from services.pairing.load import get_load

blueprint = resource("housekeepers", "管家名册")


@blueprint.route("/housekeepers", methods=["GET"])
@gate.requires(Permission.READ_HOUSEKEEPERS)
@blueprint.arguments(HousekeeperQuery, location="query")
@blueprint.response(200, HousekeeperPage, description="一页管家")
@blueprint.doc(operationId="listHousekeepers", summary="管家列表")
def listing(query: dict[str, Any]) -> Response:
    """只含您辖区内的管家，手机已脱敏；按编号排列。"""
    wanted = HousekeeperFilter(query["q"], query["area"])
    housekeepers, next_cursor = list_housekeepers(gate.actor(), wanted, page_of(query))
    return answer(page_body(housekeepers, next_cursor, asdict))


@blueprint.route("/housekeepers/<id:housekeeper_id>", methods=["GET"])
@gate.requires(Permission.READ_HOUSEKEEPERS)
@blueprint.response(200, Housekeeper, description="管家")
@blueprint.doc(operationId="getHousekeeper", summary="一名管家")
def read(housekeeper_id: int) -> Response:
    """手机已脱敏。"""
    return answer(asdict(get_housekeeper(gate.actor(), housekeeper_id)))


@blueprint.route("/housekeepers/<id:housekeeper_id>/load", methods=["GET"])
@gate.requires(Permission.READ_HOUSEKEEPERS)
@blueprint.response(200, HousekeeperLoad, description="负荷")
@blueprint.doc(operationId="getHousekeeperLoad", summary="管家的负荷")
def load(housekeeper_id: int) -> Response:
    """分配管家前查看：重点项目和其他企业各有多少家、上限多少、是否超出；只提示，不作排名用。"""
    return answer(asdict(get_load(gate.actor(), housekeeper_id, at=clock.now())))
