"""诉求: submit, list, read, history."""

from typing import Any

from flask import Response, current_app, request

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_of
from app.api.schemas.actions.intake import SubmissionBody
from app.api.schemas.tickets import (
    EventPage,
    EventQuery,
    TicketDetail,
    TicketPage,
    TicketQuery,
)
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission
from services import inspections
from services.tickets import events, find, show
from services.tickets.intake import submit

blueprint = resource("tickets", "诉求工单")


@blueprint.route("/tickets", methods=["POST"])
@gate.requires(Permission.SUBMIT)
@idempotent(required=True)
@blueprint.arguments(SubmissionBody)
@blueprint.response(201, TicketDetail, description="已提交")
@blueprint.doc(operationId="submitTicket", summary="提交诉求")
def create(facts: Submission) -> Response:
    """企业自行提交，或座席、管家代企业提交。须带 Idempotency-Key，重复发送只产生一件。

    请勿提交国家秘密或商业秘密；提示全文见 GET /privacy-notice 的 secrets，提交之前应当显示。
    """
    at = clock.now()
    prefix = current_app.config["SETTINGS"].ticket_prefix
    submitted = submit(gate.actor(), facts, prefix, at=at)
    ticket = show.show_new(gate.actor(), submitted, at=at)
    location = f"{request.path}/{submitted.number}"
    return answer(ticket, 201, version=ticket["version"], location=location)


@blueprint.route("/tickets", methods=["GET"])
@gate.requires(Permission.READ_TICKETS)
@blueprint.arguments(TicketQuery, location="query")
@blueprint.response(200, TicketPage, description="一页诉求")
@blueprint.doc(operationId="listTickets", summary="诉求列表")
def listing(query: dict[str, Any]) -> Response:
    """只含您可见的诉求；默认先到期的在前。"""
    items, next_cursor = find.find_tickets(
        gate.actor(), query, query["sort"], page_of(query), at=clock.now()
    )
    return answer({"items": items, "next_cursor": next_cursor})


@blueprint.route("/tickets/<number:number>", methods=["GET"])
@gate.requires(Permission.READ_TICKETS)
@blueprint.response(200, TicketDetail, description="诉求")
@blueprint.doc(operationId="getTicket", summary="一件诉求")
def read(number: str) -> Response:
    """ETag 为当前版本，改变状态的操作须在 If-Match 中带上。督导须先说明理由，见“调阅诉求”。"""
    inspections.demand_reason(gate.actor(), number, at=clock.real())
    ticket = show.show_ticket(gate.actor(), number, at=clock.now())
    return answer(ticket, version=ticket["version"])


@blueprint.route("/tickets/<number:number>/events", methods=["GET"])
@gate.requires(Permission.READ_TICKETS)
@blueprint.arguments(EventQuery, location="query")
@blueprint.response(200, EventPage, description="一页事件")
@blueprint.doc(operationId="listTicketEvents", summary="诉求的经过")
def history(query: dict[str, Any], number: str) -> Response:
    """企业看到的是与自己有关的经过，不含内部意见、提醒和亮牌。先发生的在前。督导须先说明理由。"""
    inspections.demand_reason(gate.actor(), number, at=clock.real())
    items, next_cursor = events.list_events(gate.actor(), number, page_of(query))
    return answer({"items": items, "next_cursor": next_cursor})
