"""内容审核: people judge what the platform does not let pass, and authors may object."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.content_checks import (
    ContentAppealBody,
    ContentCheckItem,
    ContentCheckPage,
    ContentCheckQuery,
    ContentRulingBody,
)
from app.domain.content_checks import CheckState, Ruling
from app.domain.permissions import Permission
from services.content_checks.own import appeal, list_own
from services.content_checks.queue import Decision, list_checks, rule

blueprint = resource("content-checks", "内容审核")


@blueprint.route("/content-checks", methods=["GET"])
@gate.requires(Permission.RULE_CONTENT)
@blueprint.arguments(ContentCheckQuery, location="query")
@blueprint.response(200, ContentCheckPage, description="一页内容审核")
@blueprint.doc(operationId="listContentChecks", summary="待人工审核的内容")
def listing(query: dict[str, Any]) -> Response:
    """企业提交的文字和图片，平台认为有风险、拿不准、没有结果的，由人员审核；等得最久的在前。诉求照常办理，不因此停下。"""
    found, cursor = list_checks(gate.actor(), CheckState(query["state"]), page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/content-checks/<id:check_id>/ruling", methods=["POST"])
@gate.requires(Permission.RULE_CONTENT)
@idempotent()
@blueprint.arguments(ContentRulingBody)
@blueprint.response(200, ContentCheckItem, description="审核后的内容")
@blueprint.may_answer(409)
@blueprint.doc(operationId="ruleContentCheck", summary="人工审核")
def ruling(sent: dict[str, str], check_id: int) -> Response:
    """不予显示的，只是不向同企业的其他成员显示，办理人员照常看得到；提交人会收到通知，可以申诉，申诉由另一人复核。记入审计。"""
    decision = Decision(Ruling(sent["ruling"]), sent["reason"])
    return answer(asdict(rule(gate.actor(), check_id, decision, at=clock.now())))


@blueprint.route("/me/content-checks", methods=["GET"])
@gate.requires(Permission.APPEAL_CONTENT)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, ContentCheckPage, description="一页本人的内容审核")
@blueprint.doc(operationId="listOwnContentChecks", summary="本人经人工审核的内容")
def own(query: dict[str, Any]) -> Response:
    """本人提交而经人工审核的内容和理由；新的在前。自动通过的不列。"""
    found, cursor = list_own(gate.actor(), page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/me/content-checks/<id:check_id>/appeal", methods=["POST"])
@gate.requires(Permission.APPEAL_CONTENT)
@idempotent()
@blueprint.arguments(ContentAppealBody)
@blueprint.response(200, ContentCheckItem, description="等待复核的内容")
@blueprint.may_answer(409)
@blueprint.doc(operationId="appealContentCheck", summary="就内容审核申诉")
def object_to(sent: dict[str, str], check_id: int) -> Response:
    """对不予显示的内容可以申诉一次，由另一人复核；也可以不申诉，以补充说明重新提交修改后的内容。"""
    return answer(asdict(appeal(gate.actor(), check_id, sent["reason"], at=clock.now())))
