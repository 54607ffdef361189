"""企业: the register, within what the caller may see, with personal data masked."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.directory import Enterprise, EnterprisePage, EnterpriseQuery, PairingPage
from app.domain.permissions import Permission
from services.directory.find_enterprises import (
    EnterpriseFilter,
    get_enterprise,
    list_enterprises,
)
from services.pairing.find import list_pairings

blueprint = resource("enterprises", "企业登记")


@blueprint.route("/enterprises", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.arguments(EnterpriseQuery, location="query")
@blueprint.response(200, EnterprisePage, description="一页企业")
@blueprint.doc(operationId="listEnterprises", summary="企业列表")
def listing(query: dict[str, Any]) -> Response:
    """只含您可见的企业；管家看到的是正在对接的企业。按编号排列。"""
    wanted = EnterpriseFilter(query["q"], query["category"], query["area"])
    enterprises, next_cursor = list_enterprises(gate.actor(), wanted, page_of(query))
    return answer(page_body(enterprises, next_cursor, asdict))


@blueprint.route("/enterprises/<id:enterprise_id>", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.response(200, Enterprise, description="企业")
@blueprint.doc(operationId="getEnterprise", summary="一家企业")
def read(enterprise_id: int) -> Response:
    """联系人、电话和法定代表人已脱敏。"""
    card = get_enterprise(gate.actor(), enterprise_id)
    amount = card.total_investment
    return answer(asdict(card) | {"total_investment": None if amount is None else str(amount)})


@blueprint.route("/enterprises/<id:enterprise_id>/pairings", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PairingPage, description="一页结对")
@blueprint.doc(operationId="listEnterprisePairings", summary="企业的结对及其历史")
def pairings(query: dict[str, Any], enterprise_id: int) -> Response:
    """现在和以前的管家、副管家；企业看不到尚未开始的提议。新的在前。"""
    found, next_cursor = list_pairings(gate.actor(), enterprise_id, page_of(query))
    return answer(page_body(found, next_cursor, asdict))
