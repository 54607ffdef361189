"""黄牌、红牌: read, explained, contested, ruled on."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.supervision import (
    CardAppeal,
    CardExplanation,
    CardItem,
    CardItemPage,
    CardQuery,
    CardRuling,
)
from app.domain.permissions import Permission
from services.supervision import cards

blueprint = resource("cards", "黄牌与红牌")


@blueprint.route("/cards", methods=["GET"])
@gate.requires(Permission.READ_CARDS)
@blueprint.arguments(CardQuery, location="query")
@blueprint.response(200, CardItemPage, description="一页牌")
@blueprint.doc(operationId="listCards", summary="黄牌与红牌")
def listing(query: dict[str, Any]) -> Response:
    """单位看到自己的，协调员和督导看到辖区内的；新的在前。企业不可见。"""
    wanted = cards.CardFilter(query["state"], query["rung"], query["ticket_number"])
    found, cursor = cards.list_cards(gate.actor(), wanted, page_of(query))
    return answer(page_body(found, cursor, dict))


@blueprint.route("/cards/<id:card_id>/explanation", methods=["POST"])
@gate.requires(Permission.EXPLAIN_CARD)
@idempotent()
@blueprint.arguments(CardExplanation)
@blueprint.response(200, CardItem, description="已说明")
@blueprint.doc(operationId="explainCard", summary="说明亮牌原因")
def explanation(body: dict[str, Any], card_id: int) -> Response:
    """由单位说明；没有派单的时限由协调员说明。再次说明以后一次为准。"""
    return answer(cards.explain_card(gate.actor(), card_id, body["cause"], at=clock.now()))


@blueprint.route("/cards/<id:card_id>/appeal", methods=["POST"])
@gate.requires(Permission.APPEAL_CARD)
@idempotent()
@blueprint.arguments(CardAppeal)
@blueprint.response(200, CardItem, description="已申诉，待裁定")
@blueprint.doc(operationId="appealCard", summary="申诉亮牌")
def appeal(body: dict[str, Any], card_id: int) -> Response:
    """由单位审批人在期限内提出（三个工作日，可配置），一张牌一次。"""
    return answer(cards.appeal_card(gate.actor(), card_id, body["grounds"], at=clock.now()))


@blueprint.route("/cards/<id:card_id>/ruling", methods=["POST"])
@gate.requires(Permission.RULE_CARD)
@idempotent()
@blueprint.arguments(CardRuling)
@blueprint.response(200, CardItem, description="已裁定")
@blueprint.doc(operationId="ruleCard", summary="裁定亮牌申诉")
def ruling(body: dict[str, Any], card_id: int) -> Response:
    """由督导裁定；作废的牌不再计数。"""
    ruled = cards.rule_card(
        gate.actor(), card_id, body["note"], is_void=body["is_void"], at=clock.now()
    )
    return answer(ruled)
