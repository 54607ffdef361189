"""第一幕: one request goes once round the loop, every step by somebody who may take it."""

from typing import Any

from tools.demo.people import Ticket
from tools.demo.stage import Stage, clock_time, require

# A complaint, which is revisited whatever the lot would say.
REQUEST = {
    "title": "扩建用地与用电增容久无答复",
    "body": "新建生产线所需的相邻地块用地手续和2000千伏安用电增容，已申请三个月，请督促协调。",
    "kind": "complaint",
    "category_code": "land",
}
ACCEPTANCE = {"ticket_class": "normal", "category_code": "land"}
OPINION = "已现场勘查，具备增容条件，十个工作日内可送电。"
REPLY = {
    "result_code": "solved",
    "answer": "用地手续已受理，规划条件本周出具；用电增容由供电公司同步实施，十个工作日内送电。",
    "is_contacted": False,
    "is_claim_true": True,
    "handling_note": "与供电公司会商一次。",
}
CALL = {
    "is_reached": True,
    "outcome": "solved",
    "was_contacted": True,
    "is_reply_true": True,
    "is_clear": True,
    "satisfaction": 5,
    "note": "企业确认问题已解决。",
}
RATING = {"level": 5, "comment": "有人管，有回音。"}
STEPS = ["submit", "first_contact", "accept", "dispatch", "sign_for", "sign_for"]
STEPS += ["rule_reply", "receive_feedback", "evaluate", "archive"]


def play(stage: Stage) -> str:
    """Submit, accept, dispatch, answer, release, read, call, rate, archive; the ticket's number."""
    stage.heading("第一幕 一件诉求走完六步")
    number = _submit(stage)
    for act in (_accept, _dispatch, _answer, _read, _call_and_rate, _archive):
        stage.let_pass(minutes=20)
        act(stage, number)
    return number


def _submit(stage: Stage) -> str:
    enterprise = stage.town["demo-enterprise"]
    ticket = enterprise.submit(REQUEST)
    require(ticket["status"] == "submitted", "刚提交的诉求应为待受理")
    require(ticket["light"] == "green", "刚提交的诉求应亮绿灯")
    number = str(ticket["number"])
    stage.tell(f"提交诉求《{ticket['title']}》，编号 {number}。", enterprise)
    enterprise.consent()
    stage.ring(stage.town["demo-housekeeper"], number, "新诉求待办")
    return number


def _accept(stage: Stage, number: str) -> None:
    keeper = stage.town["demo-housekeeper"]
    waiting = keeper.first("/tickets", lambda one: one["number"] == number, queue="to_accept")
    require("accept" in waiting["allowed_actions"], "管家的待办应允许受理")
    due = clock_time(waiting["due_at"])
    stage.tell(f"在待受理队列里看到它，须在 {due} 前受理。", keeper)
    keeper.act(number, "first-contact", {"note": "已电话联系企业，了解扩建计划。"})
    ticket = keeper.act(number, "acceptance", ACCEPTANCE)
    require(ticket["step"] == "coordinate", "受理后应进入协调")
    stage.tell(f"首次联系企业并受理为一般件，承诺 {clock_time(ticket['due_at'])} 前办结。", keeper)
    _require_message(stage, number, "accepted", "受理通知")


def _dispatch(stage: Stage, number: str) -> None:
    keeper, lead, co = (
        stage.town[login] for login in ("demo-housekeeper", "demo-handler", "demo-co-handler")
    )
    units = {
        "lead_organisation_id": lead.organisation_id,
        "co_organisation_ids": [co.organisation_id],
        "instruction": "请主办单位会同供电公司一次答复企业。",
    }
    ticket = keeper.act(number, "dispatch", units)
    require(ticket["status"] == "handling", "派单后应为办理中")
    parts = "、".join(
        f"{part['organisation_name']}（{'主办' if part['role'] == 'lead' else '协办'}）"
        for part in ticket["assignments"]
    )
    stage.tell(f"派单给 {parts}。", keeper)
    for unit in (lead, co):
        stage.ring(unit, number, "新诉求待办")


def _answer(stage: Stage, number: str) -> None:
    lead, co, approver = (
        stage.town[login] for login in ("demo-handler", "demo-co-handler", "demo-approver")
    )
    co.act_for_unit(number, "receipt")
    co.act_for_unit(number, "opinion", {"opinion": OPINION})
    stage.tell(f"签收，并向主办单位反馈意见：{OPINION}", co)
    lead.act_for_unit(number, "receipt")
    drafted = lead.act_for_unit(number, "reply", REPLY)
    require(drafted["status"] == "handling", "答复未经审批不应到达企业")
    stage.tell("签收，汇总后起草答复，等待审批。", lead)
    hidden = stage.town["demo-enterprise"].ticket(number)
    require(hidden["reply"] is None, "企业不应看到未放行的答复")
    co.act_for_unit(number, "countersignature", {"agrees": True})
    stage.tell("会签答复稿。", co)
    released = approver.act_for_unit(number, "approval", {"approved": True})
    require(released["status"] == "feedback", "放行后应为已反馈")
    stage.tell("审批通过，答复放行给企业。", approver)
    _require_message(stage, number, "feedback_ready", "办理反馈")


def _read(stage: Stage, number: str) -> None:
    enterprise = stage.town["demo-enterprise"]
    ticket = enterprise.act(number, "feedback/receipt")
    require(ticket["reply"]["answer"] == REPLY["answer"], "企业看到的应是放行的答复")
    require(ticket["status"] == "revisiting", "企业看过反馈后应转入回访")
    stage.tell(f"阅读反馈：{ticket['reply']['answer']}", enterprise)


def _call_and_rate(stage: Stage, number: str) -> None:
    caller, enterprise = stage.town["demo-revisitor"], stage.town["demo-enterprise"]
    caller.first("/tickets", lambda one: one["number"] == number, queue="to_revisit")
    called = caller.act(number, "revisit", CALL)
    require(called["status"] == "evaluating", "回访已解决后应待评价")
    stage.tell("未参与办理，电话回访：问题已解决，答复属实。", caller)
    _require_message(stage, number, "evaluation_invited", "评价邀请")
    rated = enterprise.act(number, "evaluation", RATING)
    require(rated["level"] == RATING["level"], "评价应为企业所给的等级")
    stage.tell(f"评价：非常满意。“{RATING['comment']}”", enterprise)


def _archive(stage: Stage, number: str) -> None:
    enterprise = stage.town["demo-enterprise"]

    def archived() -> Ticket | None:
        ticket = enterprise.ticket(number)
        return ticket if ticket["status"] == "archived" else None

    stage.wait_for("自动归档", archived)
    stage.tell("定时任务自动归档。")
    told = [event["action"] for event in enterprise.each(f"/tickets/{number}/events")]
    require(told == STEPS, f"企业看到的经过应为 {STEPS}，实际为 {told}")


def _require_message(stage: Stage, number: str, kind: str, title: str) -> None:
    """The enterprise was told, once, in the inbox and on the phone."""

    def is_it(message: dict[str, Any]) -> bool:
        return bool(message["ticket_number"] == number and message["kind"] == kind)

    enterprise = stage.town["demo-enterprise"]
    told = list(filter(is_it, enterprise.each("/me/messages", unread="true")))
    require(len(told) == 1, f"企业应收到一条 {kind} 消息，实际 {len(told)} 条")
    # What has been read in the inbox does not ring any more.
    stage.ring(enterprise, number, title)
    enterprise.post(f"/me/messages/{told[0]['id']}/read")
