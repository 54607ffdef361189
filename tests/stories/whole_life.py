"""The whole life of a request, from the upload to the archive, and of two that end early."""

from datetime import timedelta

from tests.files import pdf, png
from tests.stories.town import Town

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

POWER = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}
COURT = {"title": "合同货款纠纷", "body": "与买方的货款纠纷，法院已经立案。"}
WATER = {"title": "厂门口积水", "body": "昨夜下雨后厂门口积水，车辆进不来。"}
UNREACHED = {"is_reached": False, "note": "无人接听"}
UNSOLVED = {"is_reached": True, "outcome": "unsolved", "is_reply_true": False}
SOLVED = {"is_reached": True, "outcome": "solved", "is_reply_true": True, "satisfaction": 5}


def tell(town: Town) -> None:
    """One story, whatever the network is like. Numbers do not change on the way to their people."""
    power = a_request_comes_in_and_a_message_goes_astray(town)
    one_is_refused_and_one_withdrawn(town)
    material_is_asked_for_and_supplied(town, power)
    the_units_answer(town, power, is_sent_back=True)
    the_enterprise_is_not_content(town, power)
    the_units_answer(town, power, is_sent_back=False)
    the_enterprise_is_content(town, power)
    town.come_to_rest()


def a_request_comes_in_and_a_message_goes_astray(town: Town) -> str:
    """Nobody knows whether the message to the housekeeper's phone arrived, so it is sent again."""
    town.consent("applicant", asked_id="popup-of-the-applicant")
    town.consent("housekeeper")
    scan = town.applicant.upload("合同.pdf", pdf())
    town.wechat.fault("reset_after", match={"path": "subscribe/send"}, times=1, act=False)
    number = town.applicant.submit(**POWER, attachment_ids=[scan])
    town.work("deliver_notifications")
    [unknown] = town.coordinator.read("/deliveries?state=unknown")["items"]
    town.coordinator.resend(unknown["id"])
    town.consent("housekeeper", asked_id="popup-of-the-housekeeper")
    town.let_pass(MINUTE)
    town.work("deliver_notifications")
    return number


def one_is_refused_and_one_withdrawn(town: Town) -> None:
    court = town.applicant.submit(**COURT)
    water = town.applicant.submit(**WATER)
    town.let_pass(10 * MINUTE)
    town.housekeeper.act(water, "first-contact", note="已电话联系企业")
    town.coordinator.act(
        court,
        "refusal",
        ground="other_procedure",
        explanation="已进入诉讼程序。",
        right_door="法院",
    )
    town.let_pass(10 * MINUTE)
    town.second_coordinator.act(court, "refusal/approval", approved=True)
    town.applicant.act(water, "withdrawal", reason="积水已经退去")
    town.work("deliver_notifications")


def material_is_asked_for_and_supplied(town: Town, number: str) -> None:
    town.housekeeper.act(number, "first-contact", note="已电话联系企业")
    town.housekeeper.act(number, "supplement-request", items=["用电合同", "增容申请表"])
    town.let_pass(2 * HOUR)
    town.work("deliver_notifications")
    town.applicant.read_messages(at_most=2)
    form = town.applicant.upload("增容申请表.png", png())
    town.applicant.act(number, "supplement", answer="材料已补齐。", attachment_ids=[form])
    town.let_pass(10 * MINUTE)
    town.housekeeper.act(number, "acceptance", ticket_class="normal", category_code="utilities")
    town.work("deliver_notifications")


def the_units_answer(town: Town, number: str, *, is_sent_back: bool) -> None:
    """The lead unit and the other one; the approver may want to read better."""
    lead, other = town.cast.lead_unit.id, town.cast.co_unit.id
    town.coordinator.act(number, "dispatch", lead_organisation_id=lead, co_organisation_ids=[other])
    town.let_pass(DAY)
    town.consent("handler")
    town.handler.act_for_unit(number, "receipt")
    town.co_handler.act_for_unit(number, "receipt")
    town.co_handler.act_for_unit(number, "opinion", opinion="现场具备增容条件。")
    reply = {"result_code": "solved", "is_contacted": False}
    if is_sent_back:
        town.handler.act_for_unit(number, "reply", **reply, answer="正在研究。")
        town.unit_approver.act_for_unit(number, "approval", approved=False, note="请写明时间")
    town.handler.act_for_unit(number, "reply", **reply, answer="供电公司已完成增容。")
    town.co_handler.act_for_unit(number, "countersignature", agrees=True)
    town.let_pass(HOUR)
    town.unit_approver.act_for_unit(number, "approval", approved=True)
    town.work("watch_deadlines", "deliver_notifications")
    town.applicant.act(number, "feedback/receipt")
    town.applicant.read_messages(at_most=1)


def the_enterprise_is_not_content(town: Town, number: str) -> None:
    town.let_pass(HOUR)
    town.revisitor.act(number, "revisit", **UNREACHED)
    town.let_pass(DAY)
    town.revisitor.act(number, "revisit", **UNSOLVED)
    town.work("deliver_notifications", "audit_deadlines")


def the_enterprise_is_content(town: Town, number: str) -> None:
    town.let_pass(HOUR)
    town.revisitor.act(number, "revisit", **SOLVED)
    town.work("deliver_notifications")
    town.applicant.act(number, "evaluation", level=5, reasons=["办得快"], comment="谢谢")
    town.let_pass(MINUTE)
    town.work("archive_silent", "watch_deadlines", "deliver_notifications")
