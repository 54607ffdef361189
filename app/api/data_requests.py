"""个人信息请求: people ask about their own data and leave; the security administrator answers."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.data_requests import (
    ClosingBody,
    DataAnswerBody,
    DataRequestBody,
    DataRequestItem,
    DataRequestPage,
    DataRequestQuery,
    OwnData,
)
from app.domain.permissions import Permission
from services.accounts import sessions
from services.data_requests import asking, closing
from services.tickets.terms import newest_calendar

blueprint = resource("data-requests", "个人信息请求")


@blueprint.route("/me/data-requests", methods=["GET"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DataRequestPage, description="一页本人的请求")
@blueprint.doc(operationId="listOwnDataRequests", summary="本人的个人信息请求")
def own(query: dict[str, Any]) -> Response:
    """新的在前；due_at 为答复期限。"""
    found, cursor = asking.list_own(gate.actor(), page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/me/data-requests", methods=["POST"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@idempotent()
@blueprint.arguments(DataRequestBody)
@blueprint.response(201, DataRequestItem, description="已提出")
@blueprint.may_answer(409)
@blueprint.doc(operationId="requestOwnData", summary="索取副本、更正或删除")
def create(body: dict[str, Any]) -> Response:
    """15 个工作日内答复；同类请求一次一件。"""
    words = body["kind"], body["words"]
    made = asking.ask(gate.actor(), *words, newest_calendar(), at=clock.now())
    return answer(asdict(made), 201, location="/api/v1/me/data-requests")


@blueprint.route("/me/data-requests/<id:request_id>/copy", methods=["POST"])
@gate.requires(Permission.USE_OWN_ACCOUNT)
@gate.needs_fresh
@blueprint.response(200, OwnData, description="本人信息的副本")
@blueprint.may_answer(409)
@blueprint.doc(operationId="fetchOwnData", summary="取得本人信息的副本")
def copy(request_id: int) -> Response:
    """副本请求同意后可取，内容为取时所存，未脱敏；每次取得记入审计。"""
    made = answer(asking.copy_of(gate.actor(), request_id))
    made.headers["Content-Disposition"] = f'attachment; filename="own-data-{request_id}.json"'
    return made


@blueprint.route("/me/closing", methods=["POST"])
@gate.requires(Permission.CLOSE_OWN_ACCOUNT)
@gate.needs_fresh
@blueprint.arguments(ClosingBody)
@blueprint.response(204, description="已注销")
@blueprint.may_answer(409)
@blueprint.doc(operationId="closeOwnAccount", summary="注销本人账号")
def close_own(body: dict[str, Any]) -> Response:
    """企业用户可自行注销；唯一的管理员、还有未办结的诉求或依法保全时说明原因。诉求保留，不再显示是谁。"""
    closing.close_own(gate.actor(), body["login"], at=clock.now())
    gate.forget(sessions.digest(gate.token()))
    return nothing()


@blueprint.route("/data-requests", methods=["GET"])
@gate.requires(Permission.ANSWER_DATA_REQUESTS)
@blueprint.arguments(DataRequestQuery, location="query")
@blueprint.response(200, DataRequestPage, description="一页请求")
@blueprint.doc(operationId="listDataRequests", summary="个人信息请求列表")
def listing(query: dict[str, Any]) -> Response:
    """只供安全管理员；新的在前。"""
    found, cursor = asking.list_all(gate.actor(), page_of(query), is_open=query["open"])
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/data-requests/<id:request_id>/answer", methods=["POST"])
@gate.requires(Permission.ANSWER_DATA_REQUESTS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(DataAnswerBody)
@blueprint.response(200, DataRequestItem, description="已答复")
@blueprint.may_answer(409)
@blueprint.doc(operationId="answerDataRequest", summary="答复个人信息请求")
def settle(body: dict[str, Any], request_id: int) -> Response:
    """对删除请求答 done 即注销账号；不能注销时回答说明原因，此时答 stored_only 并写明依据。"""
    words = body["outcome"], body["answer"]
    return answer(asdict(asking.answer(gate.actor(), request_id, *words, at=clock.now())))
