"""子工单: what a unit signs for, answers and approves."""

from typing import Any

from flask import Response

from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_of
from app.api.schemas.actions import AnswerBody, ApprovalBody, OpinionBody, SignForBody
from app.api.schemas.assignments import AssignmentPage
from app.api.schemas.fields import Word
from app.api.schemas.tickets import TicketDetail
from app.api.ticket_actions import act
from app.api.versions import versioned
from app.domain.permissions import Permission
from services.tickets.assignments import QUEUES, find_assignments, ticket_number_of

blueprint = resource("assignments", "子工单；If-Match 用所属诉求的 ETag")


class AssignmentQuery(PageQuery):
    """子工单列表的筛选."""

    queue = Word(tuple(QUEUES), load_default=None, metadata={"description": "队列"})


@blueprint.route("/assignments", methods=["GET"])
@gate.requires(Permission.READ_ASSIGNMENTS)
@blueprint.arguments(AssignmentQuery, location="query")
@blueprint.response(200, AssignmentPage, description="一页子工单")
@blueprint.doc(operationId="listAssignments", summary="子工单列表")
def listing(query: dict[str, Any]) -> Response:
    """单位人员看到本单位的；先到期的在前。"""
    items, next_cursor = find_assignments(gate.actor(), query["queue"], page_of(query))
    return answer({"items": items, "next_cursor": next_cursor})


@blueprint.route("/assignments/<id:assignment_id>/receipt", methods=["POST"])
@gate.requires(Permission.SIGN_FOR)
@idempotent()
@versioned
@blueprint.arguments(SignForBody)
@blueprint.response(200, TicketDetail, description="签收后的诉求")
@blueprint.doc(operationId="signForAssignment", summary="签收")
def sign_for(facts: Any, assignment_id: int, expected_version: int) -> Response:
    """时限从派单起算，不因迟签而延后。"""
    return _act(assignment_id, Permission.SIGN_FOR, facts, expected_version)


@blueprint.route("/assignments/<id:assignment_id>/opinion", methods=["POST"])
@gate.requires(Permission.GIVE_OPINION)
@idempotent()
@versioned
@blueprint.arguments(OpinionBody)
@blueprint.response(200, TicketDetail, description="反馈意见后的诉求")
@blueprint.doc(operationId="giveOpinion", summary="协办意见")
def give_opinion(facts: Any, assignment_id: int, expected_version: int) -> Response:
    """协办单位给主办单位的意见，企业不可见。"""
    return _act(assignment_id, Permission.GIVE_OPINION, facts, expected_version)


@blueprint.route("/assignments/<id:assignment_id>/reply", methods=["POST"])
@gate.requires(Permission.REPLY)
@idempotent()
@versioned
@blueprint.arguments(AnswerBody)
@blueprint.response(200, TicketDetail, description="起草答复后的诉求")
@blueprint.doc(operationId="draftReply", summary="起草答复")
def reply(facts: Any, assignment_id: int, expected_version: int) -> Response:
    """主办单位起草，由本单位审批人放行。"""
    return _act(assignment_id, Permission.REPLY, facts, expected_version)


@blueprint.route("/assignments/<id:assignment_id>/approval", methods=["POST"])
@gate.requires(Permission.RULE_REPLY)
@idempotent()
@versioned
@blueprint.arguments(ApprovalBody)
@blueprint.response(200, TicketDetail, description="审批后的诉求")
@blueprint.doc(operationId="ruleReply", summary="审批答复")
def approve(facts: Any, assignment_id: int, expected_version: int) -> Response:
    """放行后企业即可看到；审批人不得是起草人，协办意见须齐。"""
    return _act(assignment_id, Permission.RULE_REPLY, facts, expected_version)


def _act(assignment_id: int, permission: Permission, facts: Any, expected_version: int) -> Response:
    number = ticket_number_of(gate.actor(), assignment_id)
    return act(number, permission, facts, expected_version)
