"""wechatpy as it comes, with nothing but its addresses changed, against the emulator."""

from collections.abc import Iterator
from typing import Any

import pytest
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.tools.wechat_emulator.caller import DUE, FILLED, in_fields
from tests.wechat import APPID, SECRET, TEMPLATES


class Stock(WeChatClient):
    """The library's client; its token call has an address of its own, written into a method."""

    def fetch_access_token(self) -> dict[str, Any]:
        credentials = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        stock: Any = self
        return stock._fetch_access_token(f"{self.API_BASE_URL}cgi-bin/token", credentials)


@pytest.fixture
def stock(wechat) -> Iterator[Any]:
    """A client that reaches the emulator only."""
    client: Any = Stock(APPID, SECRET, timeout=20)
    for part in (client, client.wxa, client.template):
        part.API_BASE_URL = wechat.base
    with client._http:
        yield client


def test_log_in(stock, wechat, openid):
    told = stock.wxa.code_to_session(wechat.login_code(openid))
    assert (told["openid"], told["unionid"]) == (openid, "union-1")
    with pytest.raises(WeChatClientException) as refused:
        stock.wxa.code_to_session("never-given")
    assert refused.value.errcode == 40029


def test_the_phone_number(stock, wechat, openid):
    told = stock.wxa.get_phone_number(wechat.phone_code(openid))
    assert told["phone_info"]["purePhoneNumber"] == "13800000001"


def test_a_message(stock, wechat, openid):
    told = stock.wxa.send_subscribe_message(openid, DUE, in_fields(FILLED), "pages/index")
    [message] = wechat.messages(openid)
    assert (message["msgid"], message["page"]) == (told["msgid"], "pages/index")
    wechat.refuse(openid, DUE)
    with pytest.raises(WeChatClientException) as refused:
        stock.wxa.send_subscribe_message(openid, DUE, in_fields(FILLED))
    assert refused.value.errcode == 43101


def test_the_templates(stock):
    told = stock.template.get_subscribe_message_templates()
    assert {row["title"]: row["priTmplId"] for row in told} == TEMPLATES


def test_texts_are_judged_by_the_old_version(stock):
    assert stock.wxa.check_text_security("厂区道路积水")["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        stock.wxa.check_text_security("可代开发票")
    assert refused.value.errcode == 87014


def test_raw_calls(stock, wechat, openid):
    question = {"version": 2, "scene": 2, "openid": openid, "content": "厂区道路积水"}
    told = stock.post("wxa/msg_sec_check", data=question)
    assert told["result"]["suggest"] == "pass"
    wanted = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    stable = stock.post("cgi-bin/stable_token", data=wanted)
    assert stable["expires_in"] > 7_000
    with pytest.raises(WeChatClientException) as refused:
        stock.get("wxa/checksession", params={"openid": openid, "sig_method": "hmac_sha256"})
    assert refused.value.errcode == 87009


def test_an_expired_token_is_renewed_by_the_library_itself(stock, wechat, openid):
    stock.wxa.send_subscribe_message(openid, DUE, in_fields(FILLED))
    wechat.expire_tokens()
    stock.wxa.send_subscribe_message(openid, DUE, in_fields(FILLED))
    assert [call["errcode"] for call in wechat.calls("subscribe/send")] == [0, 42001, 0]
    assert len(wechat.calls("cgi-bin/token")) == 2


@pytest.mark.parametrize("effect", ["html200", "empty200", "list200"])
def test_odd_answers_pass_as_success_in_the_library(stock, wechat, openid, effect):
    """Why the product does not use the library's own verdict."""
    wechat.fault(effect, match={"path": "subscribe/send"})
    told = stock.wxa.send_subscribe_message(openid, DUE, in_fields(FILLED))
    assert not isinstance(told, dict)
    assert len(wechat.messages(openid)) == 1
