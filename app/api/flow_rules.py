"""流转规则: the numbers of a ticket's way that are no time limits, from which day on."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.flow_rules import RuleBody, RuleItem, RulePage, RuleQuery
from app.domain.permissions import Permission
from app.domain.rules import MEANINGS, UNIT_LABELS, Rule
from services.promises.rules import NewAmount, RuleShown, list_rules, set_rule

blueprint = resource("flow-rules", "流转规则")


@blueprint.route("/flow-rules", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(RuleQuery, location="query")
@blueprint.response(200, RulePage, description="一页流转规则")
@blueprint.doc(operationId="listFlowRules", summary="流转规则列表")
def listing(query: dict[str, Any]) -> Response:
    """今天有效的和将要生效的，后设定的在前。诉求自始至终适用提交之日有效的数值，除非由人重定时限。"""
    found, cursor = list_rules(query["name"], page_of(query), at=clock.now())
    return answer(page_body(found, cursor, _shown))


@blueprint.route("/flow-rules", methods=["POST"])
@gate.requires(Permission.CONFIGURE_PROMISES)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(RuleBody)
@blueprint.response(201, RuleItem, description="已设定")
@blueprint.may_answer(409)
@blueprint.doc(operationId="setFlowRule", summary="设定流转规则")
def create(new: NewAmount) -> Response:
    """只适用于生效之日起提交的诉求，已有诉求不变。原有的数值保留备查。"""
    made = set_rule(gate.actor(), new, at=clock.now())
    return answer(_shown(made), 201, location="/api/v1/flow-rules")


def _shown(rule: RuleShown) -> dict[str, Any]:
    meaning = MEANINGS[Rule(rule.name)]
    return asdict(rule) | {
        "name_label": meaning.label,
        "unit": meaning.unit.value,
        "unit_label": UNIT_LABELS[meaning.unit],
        "lowest": meaning.lowest,
        "highest": meaning.highest,
    }
