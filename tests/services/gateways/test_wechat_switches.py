"""What a person switched off in WeChat's settings, as the platform pushes it."""

from typing import Any

import pytest

from services.gateways.wechat_callback import Callback
from services.gateways.wechat_push import Push
from tests.applications import CALLBACK_KEY, CALLBACK_TOKEN
from tests.factories import MONDAY
from tests.wechat import APPID
from tests.wechat_pushes import OPENID, TEMPLATE_ID, Sender, event

CHANGE = "subscribe_msg_change_event"
OURS = Callback(appid=APPID, token=CALLBACK_TOKEN, key=CALLBACK_KEY)


def opened(message: dict[str, Any], *, xml: bool = False) -> Push:
    request = Sender().push(message, MONDAY, xml=xml)
    return OURS.open(request.query, request.body, at=MONDAY)


def switch(status: Any = "reject", template_id: Any = TEMPLATE_ID) -> dict[str, Any]:
    return {"TemplateId": template_id, "SubscribeStatusString": status}


@pytest.mark.parametrize("xml", [False, True])
@pytest.mark.parametrize(
    ("listed", "refused"),
    [
        (switch(), (TEMPLATE_ID,)),
        ([switch()], (TEMPLATE_ID,)),
        ([switch(), switch(template_id="b"), switch("accept", "c")], (TEMPLATE_ID, "b")),
        (switch("accept"), ()),
    ],
)
def test_what_was_switched_off_in_the_settings(xml, listed, refused):
    push = opened(event(CHANGE, List=listed), xml=xml)
    assert push == Push(CHANGE, OPENID, created_at=MONDAY, refused=refused)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"List": None},
        {"List": [None, "x", {}]},
        {"List": switch(template_id="")},
        {"List": switch(["reject"])},
        {"List": switch(), "FromUserName": None},
        {"List": switch(), "Event": "subscribe_msg_popup_event"},
        {"List": switch(), "Event": "subscribe_msg_sent_event"},
    ],
)
def test_a_change_event_that_says_too_little_refuses_nothing(changes):
    push = opened(event(CHANGE) | changes)
    assert (push.refused, push.sends) == ((), ())
