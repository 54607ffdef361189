"""查看联系方式: masked data in clear, for a reason, and who asked for it."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_of
from app.api.schemas.reveals import (
    ContactReveal,
    DisclosurePage,
    RevealedCaller,
    RevealedContact,
    RevealedPhone,
    RevealReason,
)
from app.domain.permissions import Permission
from services import reveals
from services.accounts import rate_limits

WINDOW = timedelta(days=1)

blueprint = resource("reveals", "查看联系方式")


@blueprint.route("/enterprises/<id:enterprise_id>/reveal", methods=["POST"])
@gate.requires(Permission.REVEAL_ENTERPRISE)
@idempotent()
@blueprint.arguments(ContactReveal)
@blueprint.response(200, RevealedContact, description="所要的字段")
@blueprint.doc(operationId="revealEnterprise", summary="查看企业的联系方式")
def enterprise(sent: dict[str, Any], enterprise_id: int) -> Response:
    """每次查看都会记录查看人、字段和理由，企业可以看到；每日次数有限。"""
    count_reveal()
    wanted = sent["wanted"], sent["reason"]
    return answer(reveals.reveal_enterprise(gate.actor(), enterprise_id, *wanted, at=clock.now()))


@blueprint.route("/housekeepers/<id:housekeeper_id>/reveal", methods=["POST"])
@gate.requires(Permission.REVEAL_HOUSEKEEPER)
@idempotent()
@blueprint.arguments(RevealReason)
@blueprint.response(200, RevealedPhone, description="手机号")
@blueprint.doc(operationId="revealHousekeeper", summary="查看管家的手机号")
def housekeeper(sent: dict[str, str], housekeeper_id: int) -> Response:
    """每次查看都会记录查看人和理由；每日次数有限。"""
    count_reveal()
    found = reveals.reveal_housekeeper(gate.actor(), housekeeper_id, sent["reason"], at=clock.now())
    return answer(found)


@blueprint.route("/tickets/<number:number>/reveal", methods=["POST"])
@gate.requires(Permission.REVEAL_TICKET)
@idempotent()
@blueprint.arguments(RevealReason)
@blueprint.response(200, RevealedCaller, description="联系人")
@blueprint.doc(operationId="revealTicketContact", summary="查看诉求的联系人")
def ticket(sent: dict[str, str], number: str) -> Response:
    """办理时联系企业用。每次查看都会记录查看人和理由，企业可以看到；每日次数有限。"""
    count_reveal()
    return answer(reveals.reveal_ticket(gate.actor(), number, sent["reason"], at=clock.now()))


@blueprint.route("/enterprises/<id:enterprise_id>/disclosures", methods=["GET"])
@gate.requires(Permission.READ_DISCLOSURES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DisclosurePage, description="一页记录")
@blueprint.doc(operationId="listDisclosures", summary="谁看过本企业的联系方式")
def disclosures(query: dict[str, Any], enterprise_id: int) -> Response:
    """哪个单位的什么角色、何时、为何看过；新的在前。"""
    items, next_cursor = reveals.list_disclosures(gate.actor(), enterprise_id, page_of(query))
    return answer({"items": items, "next_cursor": next_cursor})


def count_reveal() -> None:
    """One look more of the caller today. Raises `RateLimited`."""
    limit: int = current_app.config["SETTINGS"].reveals_per_day
    key = f"reveal:{gate.actor().account_id}"
    rate_limits.count(key, limit, WINDOW, at=clock.real())
