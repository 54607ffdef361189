"""Each mini-program has a callback of its own: what is signed for one is nothing to another."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.push import WechatPush
from app.models.ticket_draft import TicketDraft
from jobs.work_pushes import work_pushes
from tests.callers import API
from tests.factories import MONDAY, make_account, make_binding
from tests.factories.wechat import make_quota, make_template
from tests.problems import refused
from tests.services.notifications.ledger import remaining
from tests.two_programs import FROM_OTHER, OTHER
from tests.wechat import APPID
from tests.wechat_pushes import OPENID, Sender, event

pytestmark = pytest.mark.usefixtures("programs")

OLD, EACH = f"{API}/wechat/callback", f"{API}/wechat/callbacks"
HERE, THERE = f"{EACH}/{APPID}", f"{EACH}/{OTHER.appid}"
FROM_FIRST = Sender()
SWITCHED_OFF = {"TemplateId": "template-todo", "SubscribeStatusString": "reject"}


@pytest.fixture
def push(client):
    """Send an event of a mini-program to an address."""

    def send(sender: Sender, path: str, message: dict[str, Any]) -> Any:
        request = sender.push(message, MONDAY)
        with clock.frozen(MONDAY):
            return client.post(path, query_string=request.query, data=request.body)

    return send


def kept() -> list[str]:
    return list(db.session.scalars(sa.select(WechatPush.appid).order_by(WechatPush.id)))


@pytest.mark.parametrize(
    ("sender", "path"), [(FROM_FIRST, OLD), (FROM_FIRST, HERE), (FROM_OTHER, THERE)]
)
def test_what_is_signed_for_it_is_kept_with_its_appid(client, push, sender, path):
    assert push(sender, path, event("debug_demo")).text == "success"
    assert kept() == [sender.appid]
    greeting = sender.greeting(MONDAY)
    with clock.frozen(MONDAY):
        assert client.get(path, query_string=greeting).text == greeting["echostr"]


@pytest.mark.parametrize(
    ("sender", "path"), [(FROM_OTHER, OLD), (FROM_OTHER, HERE), (FROM_FIRST, THERE)]
)
def test_what_is_signed_for_another_one_is_refused(client, push, sender, path):
    refused(push(sender, path, event("debug_demo")), 403, "not-from-wechat")
    with clock.frozen(MONDAY):
        answer = client.get(path, query_string=sender.greeting(MONDAY))
    refused(answer, 403, "not-from-wechat")
    assert kept() == []


def test_with_the_same_keys_it_still_has_to_be_its_own(push):
    """As an operator may have set them up: one token and one key for both."""
    mixed = Sender(OTHER.callback_token, OTHER.callback_key, APPID)
    refused(push(mixed, THERE, event("debug_demo")), 403, "not-from-wechat")
    assert kept() == []


@pytest.mark.parametrize("appid", ["wx" + "0" * 16, "wx1", "WXFEDCBA9876543210"])
def test_there_is_no_address_for_others(push, appid):
    refused(push(FROM_OTHER, f"{EACH}/{appid}", event("debug_demo")), 404)


def test_the_same_event_of_two_mini_programs_is_two(push):
    for sender, path in ((FROM_FIRST, HERE), (FROM_FIRST, OLD), (FROM_OTHER, THERE)):
        push(sender, path, event("debug_demo"))
    assert kept() == [APPID, OTHER.appid]


def test_a_refusal_in_one_is_none_in_the_other(push):
    left = {}
    for appid in (APPID, OTHER.appid):
        binding = make_binding(make_account("operator"), appid, OPENID)
        template = make_template("新诉求待办", "template-todo", appid=appid)
        with clock.frozen(MONDAY - timedelta(hours=1)):
            make_quota(binding, template, 2)
        left[appid] = binding.id
    push(FROM_OTHER, THERE, event("subscribe_msg_change_event", List=SWITCHED_OFF))
    with clock.frozen(MONDAY):
        assert work_pushes().failures == 0
    assert remaining(left[APPID], "template-todo") == 2
    assert remaining(left[OTHER.appid], "template-todo") == 0


def test_a_message_to_the_service_is_of_who_wrote_it_there(push):
    text = event("", MsgType="text", Content="路灯不亮。", MsgId="77")
    push(FROM_OTHER, THERE, text)
    push(FROM_FIRST, HERE, text)
    with clock.frozen(MONDAY):
        assert work_pushes().failures == 0
    drafts = db.session.scalars(sa.select(TicketDraft.appid).order_by(TicketDraft.id)).all()
    assert drafts == [OTHER.appid, APPID]
