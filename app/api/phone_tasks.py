"""电话任务: people whom no message reaches are called, and what came of it is recorded."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.reveals import count_reveal
from app.api.schemas.phone_tasks import (
    CallBody,
    PhoneTaskItem,
    PhoneTaskPage,
    PhoneTaskQuery,
    RevealedTask,
)
from app.api.schemas.reveals import RevealReason
from app.domain.calls import CallOutcome, CallState
from app.domain.permissions import Permission
from services.notifications.phone_tasks import list_phone_tasks, record_call, take_phone_task
from services.notifications.whom_to_call import reveal_phone_task
from services.tickets.terms import newest_calendar

blueprint = resource("phone-tasks", "电话任务")


@blueprint.route("/phone-tasks", methods=["GET"])
@gate.requires(Permission.WORK_PHONE_TASKS)
@blueprint.arguments(PhoneTaskQuery, location="query")
@blueprint.response(200, PhoneTaskPage, description="一页电话任务")
@blueprint.doc(operationId="listPhoneTasks", summary="电话任务")
def listing(query: dict[str, Any]) -> Response:
    """站内、微信和短信都通知不到的人，由人员打电话告知。紧急的在前，其余按应拨打的时间排列。"""
    state = CallState(query["state"])
    found, cursor = list_phone_tasks(gate.actor(), state, page_of(query))
    return answer(page_body(found, cursor, asdict))


@blueprint.route("/phone-tasks/<id:phone_task_id>/claim", methods=["POST"])
@gate.requires(Permission.WORK_PHONE_TASKS)
@idempotent()
@blueprint.response(200, PhoneTaskItem, description="领取的任务")
@blueprint.may_answer(409)
@blueprint.doc(operationId="claimPhoneTask", summary="领取电话任务")
def claim(phone_task_id: int) -> Response:
    """领取后半小时内他人不能处理；再次领取则延长。"""
    return answer(asdict(take_phone_task(gate.actor(), phone_task_id)))


@blueprint.route("/phone-tasks/<id:phone_task_id>/reveal", methods=["POST"])
@gate.requires(Permission.WORK_PHONE_TASKS)
@idempotent()
@blueprint.arguments(RevealReason)
@blueprint.response(200, RevealedTask, description="要拨打的人和号码")
@blueprint.may_answer(409)
@blueprint.doc(operationId="revealPhoneTask", summary="查看要拨打的号码")
def reveal(sent: dict[str, str], phone_task_id: int) -> Response:
    """领取人可以查看。每次查看都会记录查看人和理由，企业可以看到；每日次数有限。"""
    count_reveal()
    revealed = reveal_phone_task(gate.actor(), phone_task_id, sent["reason"], at=clock.now())
    return answer(revealed)


@blueprint.route("/phone-tasks/<id:phone_task_id>/calls", methods=["POST"])
@gate.requires(Permission.WORK_PHONE_TASKS)
@idempotent()
@blueprint.arguments(CallBody)
@blueprint.response(200, PhoneTaskItem, description="登记后的任务")
@blueprint.may_answer(409)
@blueprint.doc(operationId="recordPhoneCall", summary="登记通话结果")
def call(sent: dict[str, str], phone_task_id: int) -> Response:
    """未接通的，下一个半天再拨，三个半天都未接通则结束；紧急的一刻钟后再拨，三次为止。登记后任务不再由您占用。"""
    outcome, calendar = CallOutcome(sent["outcome"]), newest_calendar()
    done = record_call(gate.actor(), phone_task_id, outcome, calendar, at=clock.now())
    return answer(asdict(done))
