"""第二幕: a request that nobody touches turns yellow, then red, each card and message once."""

from datetime import datetime, timedelta
from typing import Any

from tools.demo.people import Person, Ticket
from tools.demo.stage import Stage, clock_time, require

REQUEST = {
    "title": "咨询分时电价的申请条件",
    "body": "我公司想调整生产班次，请问执行分时电价需要具备哪些条件，如何申请？",
    "kind": "consultation",
    "category_code": "utilities",
}
ACCEPTANCE = {"ticket_class": "consult", "category_code": "utilities"}
CARDS = {"yellow": ("黄牌", "due_soon", "即将到期"), "red": ("红牌", "overdue", "已超期")}


def play(stage: Stage) -> str:
    """Accepted and dispatched, then left lying; the ticket's number."""
    stage.heading("第二幕 一件诉求放着不办")
    number = _leave_lying(stage)
    keeper = stage.town["demo-housekeeper"]
    ticket = keeper.ticket(number)
    _explain(stage, number)
    stage.advance_to(datetime.fromisoformat(ticket["yellow_at"]) + timedelta(minutes=1))
    _see_card(stage, number, "yellow")
    stage.advance_to(datetime.fromisoformat(ticket["due_at"]) + timedelta(minutes=1))
    _see_card(stage, number, "red")
    return number


def _leave_lying(stage: Stage) -> str:
    enterprise, keeper = stage.town["demo-enterprise-2"], stage.town["demo-housekeeper"]
    number = str(enterprise.submit(REQUEST)["number"])
    stage.tell(f"提交咨询《{REQUEST['title']}》，编号 {number}。", enterprise)
    keeper.act(number, "first-contact", {"note": "已电话联系，记录所问事项。"})
    keeper.act(number, "acceptance", ACCEPTANCE)
    unit = stage.town["demo-handler-2"]
    ticket = keeper.act(number, "dispatch", {"lead_organisation_id": unit.organisation_id})
    require(ticket["light"] == "green", "刚派出的诉求应亮绿灯")
    unit_name = ticket["assignments"][0]["organisation_name"]
    stage.tell(f"受理并派给{unit_name}，{clock_time(ticket['due_at'])} 到期。没有人办理。", keeper)
    return number


def _explain(stage: Stage, number: str) -> None:
    clocks = stage.town["demo-enterprise-2"].get(f"/tickets/{number}/deadline")["clocks"]
    [leading] = [clock for clock in clocks if clock["is_leading"]]
    counted = "，".join(
        f"{clock_time(interval['start'])}–{clock_time(interval['end'])[6:]}"
        for interval in leading["intervals"]
    )
    stage.tell(f"{leading['label']}这样算出来：{counted}，共 {leading['total_minutes']} 分钟。")


def _see_card(stage: Stage, number: str, rung: str) -> None:
    keeper = stage.town["demo-housekeeper"]
    card, kind, title = CARDS[rung]
    stage.wait_for(card, lambda: len(_cards(keeper, number, rung)) >= 2)
    ticket = keeper.ticket(number)
    require(ticket["light"] == rung, f"业务时钟到点后应亮{card}，实际 {ticket['light']}")
    clocks = [event["facts"]["clock"] for event in _cards(keeper, number, rung)]
    require(sorted(clocks) == ["assignment", "finish"], f"办结和主办时限应各有一张{card}：{clocks}")
    told = {keeper: 2, stage.town["demo-handler-2"]: 1}
    for person, expected in told.items():
        times = _told(person, number, kind)
        require(times == expected, f"{person.title}应收到{card}消息 {expected} 条，实际 {times} 条")
    stage.tell(f"业务时钟走到这里，亮{card}，{_remaining(ticket)}；管家、经办单位收到提醒。")
    if rung == "red":
        _wait_for_opening(stage)
    for person, times in told.items():
        stage.ring(person, number, title, times)


def _wait_for_opening(stage: Stage) -> None:
    """The limit ended with the working day, so the phones stay silent until the next one."""
    stage.advance_to(stage.next_working_morning())
    stage.tell("下班以后不打扰：消息已在站内，手机上的留到下一个工作日。")


def _cards(keeper: Person, number: str, rung: str) -> list[dict[str, Any]]:
    return [
        event
        for event in keeper.each(f"/tickets/{number}/events")
        if event["action"] == "issue_card" and event["facts"]["rung"] == rung
    ]


def _told(person: Person, number: str, kind: str) -> int:
    messages = person.each("/me/messages")
    return sum(one["ticket_number"] == number and one["kind"] == kind for one in messages)


def _remaining(ticket: Ticket) -> str:
    minutes = ticket["remaining_minutes"]
    return f"还剩 {minutes} 工作分钟" if minutes > 0 else "已超期"
