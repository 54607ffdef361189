"""诉求的操作: one noun each under /tickets/{number}/. Read the table and know them all."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas import actions
from app.api.schemas.actions import ActionBody
from app.api.schemas.tickets import TicketDetail
from app.api.versions import versioned
from app.domain.permissions import Permission as Act
from services.tickets import show
from services.tickets.perform import Command, perform

blueprint = resource("ticket-actions", "诉求的操作；改变状态须带 If-Match")


class Action(NamedTuple):
    """One action: its noun in the path, its right, its body, its words."""

    noun: str
    permission: Act
    body: type[ActionBody]
    operation: str
    summary: str
    description: str


ACTIONS = (
    Action(
        "first-contact",
        Act.FIRST_CONTACT,
        actions.FirstContactBody,
        "recordFirstContact",
        "记录首次联系",
        "首次联系时限随之停止。",
    ),
    Action(
        "acceptance",
        Act.ACCEPT,
        actions.AcceptanceBody,
        "acceptTicket",
        "受理",
        "确定分级和类别；办结时限从提交之日起算。",
    ),
    Action(
        "refusal",
        Act.PROPOSE_REFUSAL,
        actions.RefusalBody,
        "proposeRefusal",
        "提出不予受理",
        "须由第二人审批后才生效。",
    ),
    Action(
        "refusal/approval",
        Act.RULE_REFUSAL,
        actions.RefusalRulingBody,
        "ruleRefusal",
        "审批不予受理",
        "审批人不得是提出人。",
    ),
    Action(
        "supplement-request",
        Act.REQUEST_SUPPLEMENT,
        actions.SupplementNoticeBody,
        "requestSupplement",
        "要求补正",
        "一次告知缺少的全部材料，最多两次；企业补正前暂停计时。",
    ),
    Action(
        "supplement",
        Act.SUPPLY,
        actions.SupplementBody,
        "supplyMaterial",
        "补正",
        "补正后恢复计时。",
    ),
    Action(
        "withdrawal",
        Act.WITHDRAW,
        actions.WithdrawalBody,
        "withdrawTicket",
        "撤回",
        "反馈之前企业随时可以撤回。",
    ),
    Action(
        "dispatch",
        Act.DISPATCH,
        actions.DispatchBody,
        "dispatchTicket",
        "派单",
        "一个主办单位和若干协办单位；各单位的时限从派单起算。",
    ),
    Action(
        "feedback",
        Act.ANSWER_DIRECTLY,
        actions.AnswerBody,
        "answerDirectly",
        "直接答复",
        "无需派单时，由管家或协调员直接答复企业。",
    ),
    Action(
        "feedback/receipt",
        Act.RECEIVE_FEEDBACK,
        actions.ReceiptBody,
        "receiveFeedback",
        "反馈送达",
        "企业查看反馈，或座席电话告知后登记；随后安排回访。",
    ),
    Action(
        "revisit",
        Act.RECORD_REVISIT,
        actions.RevisitBody,
        "recordRevisit",
        "登记回访",
        "办理过本件的人和单位不得回访。三次未接通为未联系上；未解决的进入下一轮。",
    ),
    Action(
        "evaluation",
        Act.EVALUATE,
        actions.RatingBody,
        "evaluateTicket",
        "评价",
        "只由企业评价，五个等级，不默认好评。",
    ),
)


def act(number: str, permission: Act, facts: Any, expected_version: int) -> Response:
    """Carry out an action under If-Match and answer with the ticket as it is then."""
    at = clock.now()
    actor = gate.actor()
    perform(actor, Command(number, permission, facts, expected_version), at=at)
    ticket = show.show_own_change(actor, number, at=at)
    return answer(ticket, version=ticket["version"])


def _view(action: Action) -> Callable[..., Response]:
    def view(facts: Any, number: str, expected_version: int) -> Response:
        return act(number, action.permission, facts, expected_version)

    view.__name__ = action.noun.replace("/", "_").replace("-", "_")
    view.__doc__ = action.description
    return view


def _add(action: Action) -> None:
    view: Callable[..., Any] = _view(action)
    for decorate in (
        blueprint.doc(operationId=action.operation, summary=action.summary),
        blueprint.response(200, TicketDetail, description="操作后的诉求"),
        blueprint.arguments(action.body),
        versioned,
        idempotent(),
        gate.requires(action.permission),
    ):
        view = decorate(view)
    blueprint.route(f"/tickets/<number:number>/{action.noun}", methods=["POST"])(view)


for _action in ACTIONS:
    _add(_action)
