"""企业: the register, within what the caller may see, with personal data masked."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.directory import Enterprise, EnterprisePage, EnterpriseQuery, PairingPage
from app.api.schemas.enterprises import (
    CreditBody,
    EnterpriseBody,
    EnterpriseChanges,
    EnterpriseCredit,
)
from app.api.schemas.members import ClosureBody, VisitWish
from app.api.schemas.public_card import PublicCard
from app.domain.permissions import Permission
from services.directory.credit import state_credit
from services.directory.edit_enterprises import Said, add_enterprise, change_enterprise
from services.directory.find_enterprises import (
    EnterpriseFilter,
    get_enterprise,
    list_enterprises,
)
from services.members.close import close_enterprise, state_visit_wish
from services.pairing.card import read_card
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


@blueprint.route("/enterprises", methods=["POST"])
@gate.requires(Permission.EDIT_REGISTER)
@idempotent()
@blueprint.arguments(EnterpriseBody)
@blueprint.response(201, Enterprise, description="新登记的企业")
@blueprint.doc(operationId="addEnterprise", summary="登记企业")
def add(body: dict[str, Any]) -> Response:
    """由本人所在单位报送；规则同登记表。已登记的企业答 409，并说明由谁报送。"""
    enterprise_id = add_enterprise(gate.actor(), Said(body))
    return answer(_shown(enterprise_id), 201, location=f"/api/v1/enterprises/{enterprise_id}")


@blueprint.route("/enterprises/<id:enterprise_id>", methods=["PATCH"])
@gate.requires(Permission.EDIT_REGISTER)
@blueprint.arguments(EnterpriseChanges)
@blueprint.response(200, Enterprise, description="更正后的企业")
@blueprint.may_answer(409)
@blueprint.doc(operationId="changeEnterprise", summary="更正企业登记")
def change(body: dict[str, Any], enterprise_id: int) -> Response:
    """不带的字段不变；报送单位不变。只能更正本单位所报类别的企业。"""
    change_enterprise(gate.actor(), enterprise_id, Said(body))
    return answer(_shown(enterprise_id))


@blueprint.route("/enterprises/<id:enterprise_id>/credit", methods=["PATCH"])
@gate.requires(Permission.EDIT_REGISTER)
@blueprint.arguments(CreditBody)
@blueprint.response(200, EnterpriseCredit, description="登记后的信用状况")
@blueprint.may_answer(409)
@blueprint.doc(operationId="stateCredit", summary="登记失信记录")
def credit(body: dict[str, Any], enterprise_id: int) -> Response:
    """有未修复失信记录的企业不适用容缺受理。理由记入审计；登记导入不改变。"""
    is_discredited = body["is_discredited"]
    state_credit(gate.actor(), enterprise_id, body["reason"], is_discredited=is_discredited)
    return answer({"enterprise_id": enterprise_id, "is_discredited": is_discredited})


@blueprint.route("/enterprises/<id:enterprise_id>", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.response(200, Enterprise, description="企业")
@blueprint.doc(operationId="getEnterprise", summary="一家企业")
def read(enterprise_id: int) -> Response:
    """联系人、电话和法定代表人已脱敏。"""
    return answer(_shown(enterprise_id))


@blueprint.route("/enterprises/<id:enterprise_id>/closure", methods=["POST"])
@gate.requires(Permission.CLOSE_ENTERPRISE)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(ClosureBody)
@blueprint.response(200, Enterprise, description="已注销的企业")
@blueprint.doc(operationId="closeEnterprise", summary="企业注销")
def close(body: dict[str, Any], enterprise_id: int) -> Response:
    """成员身份和结对随之结束，历史保留；尚有未办结的诉求时拒绝，并列出编号。"""
    close_enterprise(gate.actor(), enterprise_id, body["reason"], at=clock.now())
    return answer(_shown(enterprise_id))


@blueprint.route("/enterprises/<id:enterprise_id>/visit-preference", methods=["PATCH"])
@gate.requires(Permission.STATE_VISIT_WISH)
@blueprint.arguments(VisitWish)
@blueprint.response(200, Enterprise, description="企业")
@blueprint.doc(operationId="stateVisitWish", summary="走访意愿")
def wish(body: dict[str, Any], enterprise_id: int) -> Response:
    """由企业管理员决定，或由结对的管家按企业的口头意愿登记；不愿走访的，不再安排年度联系。"""
    state_visit_wish(gate.actor(), enterprise_id, body["visit_preference"])
    return answer(_shown(enterprise_id))


@blueprint.route("/enterprises/<id:enterprise_id>/card", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.response(200, PublicCard, description="公示卡")
@blueprint.doc(operationId="getPublicCard", summary="企业的公示卡")
def card(enterprise_id: int) -> Response:
    """现任管家和副管家的姓名、职务、单位、办公电话和何时起负责；没有手机号，也没有照片。"""
    return answer(asdict(read_card(gate.actor(), enterprise_id)))


@blueprint.route("/enterprises/<id:enterprise_id>/pairings", methods=["GET"])
@gate.requires(Permission.READ_ENTERPRISES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PairingPage, description="一页结对")
@blueprint.doc(operationId="listEnterprisePairings", summary="企业的结对及其历史")
def pairings(query: dict[str, Any], enterprise_id: int) -> Response:
    """现在和以前的管家、副管家；企业看不到尚未开始的提议。新的在前。"""
    found, next_cursor = list_pairings(gate.actor(), enterprise_id, page_of(query))
    return answer(page_body(found, next_cursor, asdict))


def _shown(enterprise_id: int) -> dict[str, Any]:
    card = get_enterprise(gate.actor(), enterprise_id)
    amount = card.total_investment
    return asdict(card) | {"total_investment": None if amount is None else str(amount)}
