"""诉求草稿: what a person wrote to the service in WeChat, to be completed and handed in."""

from dataclasses import asdict
from typing import Any

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.actions.intake import SubmissionBody
from app.api.schemas.pushes import DraftPage
from app.api.schemas.tickets import TicketDetail
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission
from services.pushes.drafts import discard, list_drafts, submit_draft
from services.tickets import show

blueprint = resource("ticket-drafts", "诉求草稿")


@blueprint.route("/me/ticket-drafts", methods=["GET"])
@gate.requires(Permission.USE_OWN_DRAFTS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DraftPage, description="一页草稿")
@blueprint.doc(operationId="listTicketDrafts", summary="本人的诉求草稿")
def listing(query: dict[str, Any]) -> Response:
    """本人在微信里发给客服的消息，半小时内接连发送的合成一份；新的在前。九十天没有提交的自动删除。"""
    found, cursor = list_drafts(gate.actor(), page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/me/ticket-drafts/<id:draft_id>/submission", methods=["POST"])
@gate.requires(Permission.USE_OWN_DRAFTS)
@idempotent()
@blueprint.arguments(SubmissionBody)
@blueprint.response(201, TicketDetail, description="新的诉求")
@blueprint.may_answer(409)
@blueprint.doc(operationId="submitTicketDraft", summary="提交诉求草稿")
def hand_in(facts: Submission, draft_id: int) -> Response:
    """以本人补充、修改后的内容提交为一件诉求，字段与提交诉求相同；一份草稿只产生一件。"""
    at, prefix = clock.now(), current_app.config["SETTINGS"].ticket_prefix
    submitted = submit_draft(gate.actor(), draft_id, facts, prefix, at=at)
    ticket = show.show_new(gate.actor(), submitted, at=at)
    location = f"/api/v1/tickets/{submitted.number}"
    return answer(ticket, 201, version=ticket["version"], location=location)


@blueprint.route("/me/ticket-drafts/<id:draft_id>/discarding", methods=["POST"])
@gate.requires(Permission.USE_OWN_DRAFTS)
@idempotent()
@blueprint.response(204, description="已删除")
@blueprint.may_answer(409)
@blueprint.doc(operationId="discardTicketDraft", summary="删除诉求草稿")
def drop(draft_id: int) -> Response:
    """不再提交；三十天后连同内容销毁。"""
    discard(gate.actor(), draft_id)
    return nothing()
