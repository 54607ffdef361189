"""从手指到手机: people come in by WeChat, and what happens to their request arrives there."""

import uuid

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import transaction
from app.domain.actor import Role
from jobs.deliver_notifications import deliver_notifications
from jobs.sync_templates import sync_templates
from tests.callers import API, Caller
from tests.domain.story import MONDAY
from tests.factories import make_account, make_enterprise, make_housekeeper, make_pairing
from tests.handsets import Handset, bearing

CONTACT, KEEPER = "13912340001", "13912340002"
REQUEST = {
    "title": "厂区用电增容",
    "body": "新生产线投产需要增加用电容量，请协调。",
    "kind": "request",
    "category_code": "utilities",
}
ANSWER = {"result_code": "solved", "answer": "已协调供电公司完成增容。", "is_contacted": False}


class User:
    """Somebody with the mini-program, known to the registers by the phone number."""

    def __init__(self, client: FlaskClient, wechat, number: str) -> None:
        self.client, self.handset = client, Handset(client, wechat, number)
        self.headers = bearing(self.handset.bound())

    def get(self, path: str):
        return self.client.get(API + path, headers=self.headers).json

    def post(self, path: str, body=None, **headers: str):
        sent = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        answer = self.client.post(API + path, json=body or {}, headers=sent)
        assert answer.status_code in {200, 201}, answer.text
        return answer

    def act(self, number: str, noun: str, body=None):
        version = self.get(f"/tickets/{number}")["version"]
        return self.post(f"/tickets/{number}/{noun}", body, If_Match=f'"{version}"')

    def consent(self) -> None:
        """Tap 允许 once, and let the product know."""
        asked = self.get("/me/subscriptions")["ask_now"]
        self.handset.wechat.accept(self.handset.openid, *asked)
        answers = [{"template_id": each, "result": "accept"} for each in asked]
        self.post("/me/subscriptions", {"answers": answers, "asked_id": str(uuid.uuid4())})

    def shown(self) -> list[str]:
        """The titles of the messages on the phone, oldest first."""
        return [message["title"] for message in self.handset.wechat.messages(self.handset.openid)]

    def inbox(self) -> list[str]:
        return [each["title"] for each in reversed(self.get("/me/messages")["items"])]


@pytest.fixture
def city(committed_app, wechat):
    """An enterprise and its housekeeper in the registers, and the account's templates known."""
    with committed_app.app_context(), clock.frozen(MONDAY):
        with transaction():
            enterprise = make_enterprise(contact_phone=CONTACT)
            make_pairing(enterprise, make_housekeeper(phone=KEEPER))
        sync_templates()
        yield committed_app.test_client()


def test_a_request_and_its_answer_meet_on_the_phones(city, wechat):
    enterprise, keeper = User(city, wechat, CONTACT), User(city, wechat, KEEPER)
    for user in (enterprise, keeper):
        user.consent()
    sent = enterprise.post("/tickets", REQUEST, Idempotency_Key="one")
    number = sent.json["number"]
    deliver_notifications()
    assert keeper.shown() == ["新诉求待办"]
    keeper.act(number, "acceptance", {"ticket_class": "normal", "category_code": "utilities"})
    deliver_notifications()
    assert enterprise.shown() == ["受理通知"]
    [message] = wechat.messages(enterprise.handset.openid)
    assert f"诉求编号：{number}" in message["text"]
    assert message["page"] == f"pages/tickets/detail?number={number}"

    wechat.refuse(enterprise.handset.openid, "办理反馈")
    keeper.act(number, "feedback", ANSWER)
    deliver_notifications()
    assert enterprise.shown() == ["受理通知"]
    assert enterprise.inbox() == ["受理通知", "办理反馈"]
    told = enterprise.get("/me/subscriptions")["items"]
    [feedback] = [each for each in told if each["template"] == "办理反馈"]
    assert feedback["remaining"] == 0


def test_what_nobody_knows_is_listed_and_sent_again_by_people(city, wechat):
    enterprise, keeper = User(city, wechat, CONTACT), User(city, wechat, KEEPER)
    keeper.consent()
    with transaction():
        desk = Caller(city, make_account(Role.COORDINATOR))
    wechat.fault("reset_after", match={"path": "subscribe/send"}, times=1, act=False)
    number = enterprise.post("/tickets", REQUEST, Idempotency_Key="one").json["number"]
    for _ in range(2):
        deliver_notifications()
    assert keeper.shown() == []
    assert keeper.inbox() == ["新诉求待办"]

    [unknown] = desk.get("/deliveries?state=unknown").json["items"]
    assert unknown["ticket_number"] == number
    keeper.consent()
    assert desk.post(f"/deliveries/{unknown['id']}/resend").status_code == 200
    deliver_notifications()
    assert keeper.shown() == ["新诉求待办"]
    assert desk.get("/deliveries").json["items"] == []
