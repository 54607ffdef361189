"""派单模板: what is said again and again at a dispatch."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.dispatch_templates import (
    DispatchTemplateItem,
    DispatchTemplatePage,
    TemplateBody,
    TemplateChanges,
)
from app.domain.permissions import Permission
from services.coordination.templates import add_template, change_template, list_templates

blueprint = resource("dispatch-templates", "派单模板")


@blueprint.route("/dispatch-templates", methods=["GET"])
@gate.requires(Permission.READ_DISPATCH_TEMPLATES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DispatchTemplatePage, description="一页派单模板")
@blueprint.doc(operationId="listDispatchTemplates", summary="派单模板列表")
def listing(query: dict[str, Any]) -> Response:
    """含已停用的；按代码排列。"""
    found, next_cursor = list_templates(gate.actor(), page_of(query))
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/dispatch-templates", methods=["POST"])
@gate.requires(Permission.CONFIGURE_DISPATCH_TEMPLATES)
@idempotent()
@blueprint.arguments(TemplateBody)
@blueprint.response(201, DispatchTemplateItem, description="已添加")
@blueprint.may_answer(409)
@blueprint.doc(operationId="addDispatchTemplate", summary="添加派单模板")
def create(body: dict[str, Any]) -> Response:
    """只有模板写明的，协办单位逾期未反馈才视为同意。"""
    made = add_template(gate.actor(), body)
    return answer(asdict(made), 201, location="/api/v1/dispatch-templates")


@blueprint.route("/dispatch-templates/<id:template_id>", methods=["PATCH"])
@gate.requires(Permission.CONFIGURE_DISPATCH_TEMPLATES)
@blueprint.arguments(TemplateChanges)
@blueprint.response(200, DispatchTemplateItem, description="更改后的模板")
@blueprint.doc(operationId="changeDispatchTemplate", summary="更改派单模板")
def change(body: dict[str, Any], template_id: int) -> Response:
    """不带的字段不变；已经派出的不受影响。"""
    return answer(asdict(change_template(gate.actor(), template_id, body)))
