"""subscribe/send: what consumes a consent, what does not, and in which order faults are seen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.tools.wechat_emulator.caller import DUE, FILLED, SEND, Caller, in_fields
from tests.wechat import PATIENCE, TEMPLATES, Phones, emulated_wechat
from tools.watch import wait_until

BAD_FIELD = in_fields(FILLED | {"phrase1": "abc"})


def test_a_message_arrives_as_it_will_be_seen(caller, wechat, openid):
    told = caller.send(openid, page="pages/ticket/show?number=AS1", miniprogram_state="trial")
    assert (told["errcode"], told["errmsg"]) == (0, "ok")
    [message] = wechat.messages(openid)
    assert message["msgid"] == told["msgid"] > 2**60
    assert message["title"] == "即将到期"
    assert message["text"].splitlines() == [
        "即将到期",
        "诉求编号：AS20261122000001",
        "到期事项：办理",
        "到期时间：2026年11月25日 18:00",
        "温馨提示：请在期限内完成办理",
    ]
    assert message["page"] == "pages/ticket/show?number=AS1"
    assert (message["miniprogram_state"], message["lang"]) == ("trial", "zh_CN")


def test_each_send_takes_one_consent_until_none_is_left(caller, wechat, openid):
    codes = [caller.send(openid)["errcode"] for _ in range(4)]
    assert codes == [0, 0, 0, 43101]
    assert len(wechat.messages(openid)) == 3
    wechat.accept(openid, "即将到期")
    assert caller.send(openid)["errcode"] == 0
    assert wechat.quota(openid, "即将到期") == 0


def test_consents_belong_to_a_person_and_a_template(caller, wechat, openid):
    other = wechat.make_user()
    wechat.accept(other, "已超期")
    assert caller.send(other)["errcode"] == 43101
    assert caller.send(openid)["errcode"] == 0
    assert [wechat.quota(openid, "即将到期"), wechat.quota(other, "已超期")] == [2, 1]


def test_a_long_term_consent_stays(caller, wechat, openid):
    templates = wechat.get("templates")["templates"]
    wechat.put("templates", templates=[it | {"type": 3} for it in templates])
    assert caller.send(openid)["errcode"] == 43101, "a one-time consent is none for it"
    wechat.accept(openid, "即将到期")
    assert [caller.send(openid)["errcode"] for _ in range(5)] == [0] * 5
    wechat.refuse(openid, "即将到期")
    assert caller.send(openid)["errcode"] == 43101


def test_a_refusal_in_the_settings_holds_until_the_next_consent(caller, wechat, openid):
    wechat.refuse(openid, "即将到期")
    assert caller.send(openid)["errcode"] == 43101
    wechat.accept(openid, "即将到期")
    assert caller.send(openid)["errcode"] == 0


def test_nothing_reaches_a_phone_with_the_main_switch_off(caller, wechat, openid):
    wechat.make_user(openid=openid, main_switch=False)
    assert caller.send(openid)["errcode"] == 43101
    wechat.make_user(openid=openid, main_switch=True)
    assert caller.send(openid)["errcode"] == 0


# Each spoils the message in one more way; the first fault in the platform's order is told.
SPOILINGS: list[tuple[int, dict]] = [
    (43101, {}),
    (47003, {"data": BAD_FIELD}),
    (41030, {"page": "/pages/index"}),
    (40037, {"template_id": "unknown"}),
    (40003, {"touser": "nobody"}),
    (47001, {"data": None}),
    (40001, {"token": "no-such-token"}),
]


@pytest.mark.parametrize("worst", range(len(SPOILINGS)))
def test_the_first_fault_in_the_order_of_checks_is_told(caller, wechat, worst):
    openid = wechat.make_user()
    changes: dict = {}
    for _, spoiling in SPOILINGS[: worst + 1]:
        changes |= spoiling
    assert caller.send(openid, **changes)["errcode"] == SPOILINGS[worst][0]


def ban(wechat: Phones) -> None:
    templates = wechat.get("templates")["templates"]
    wechat.put("templates", templates=[it | {"is_banned": True} for it in templates])


def test_a_banned_template_comes_after_the_fields_and_before_the_consent(caller, wechat):
    openid = wechat.make_user()
    ban(wechat)
    assert caller.send(openid, data=BAD_FIELD)["errcode"] == 47003
    assert caller.send(openid)["errcode"] == 43107


@pytest.mark.parametrize("changes", [spoiling for _, spoiling in SPOILINGS[1:]])
def test_a_failed_check_consumes_nothing(caller, wechat, openid, changes):
    assert caller.send(openid, **changes)["errcode"] != 0
    assert wechat.quota(openid, "即将到期") == 3
    assert not wechat.messages()


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"touser": 5}, 47001),
        ({"page": 5}, 47001),
        ({"data": []}, 47001),
        ({"miniprogram_state": "beta"}, 40097),
        ({"lang": "de_DE"}, 40097),
        ({"page": "pages/index?x=1 2"}, 41030),
        ({"page": "https://example.com/"}, 41030),
        ({"data": in_fields(FILLED | {"thing8": "可代开发票"})}, 45168),
    ],
)
def test_a_message_out_of_form_is_refused(caller, openid, changes, errcode):
    assert caller.send(openid, **changes)["errcode"] == errcode


@pytest.mark.parametrize("page", ["", "index", "pages/a-b/c_d", "pages/show?number=AS1&x=%20"])
def test_pages_are_paths_without_a_leading_slash(caller, openid, page):
    assert caller.send(openid, page=page)["errcode"] == 0


def test_a_page_must_be_released_once_the_released_ones_are_known(caller, wechat, openid):
    wechat.put("pages", pages=["pages/index"])
    assert caller.send(openid, page="pages/other")["errcode"] == 41030
    assert caller.send(openid, page="pages/index?x=1")["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"touser=somebody&data=x", 47001),
        (b"[1]", 47001),
        ('{"touser":"\u4e2d"}'.encode("gbk"), 47001),
        (b'{"touser":"\\u4e2d"}', 40033),
    ],
)
def test_bodies_are_read_as_raw_json(caller, body, errcode):
    query = {"access_token": caller.token()}
    _, _, answer = caller.exchange("POST", SEND, query, body)
    assert f'"errcode":{errcode}'.encode() in answer


def test_an_escaped_backslash_before_a_u_is_no_escape(caller, openid):
    fields = in_fields(FILLED | {"thing8": "路径 \\u1234"})
    assert caller.send(openid, data=fields)["errcode"] == 0


def test_somebody_of_another_mini_program_is_unknown(caller, wechat):
    stranger = wechat.make_user(appid="wxffffffffffffffff")
    assert caller.send(stranger)["errcode"] == 40003


def test_a_second_send_to_somebody_on_the_way_is_refused():
    with emulated_wechat() as wechat, ThreadPoolExecutor(1) as pool:
        caller = Caller(wechat)
        openid, other = wechat.make_user(), wechat.make_user()
        wechat.accept(openid, "即将到期", times=2)
        wechat.accept(other, "即将到期")
        token = caller.token()
        wechat.fault("latency", match={"path": "subscribe/send"}, times=1, ms=60_000)
        slow = pool.submit(lambda: caller.send(openid, token=token))
        assert wait_until(lambda: bool(wechat.calls("subscribe/send")), PATIENCE)
        assert caller.send(openid, token=token)["errcode"] == 43108
        assert caller.send(other, token=token)["errcode"] == 0
        assert not slow.done()
        wechat.stop_waiting()
        assert slow.result()["errcode"] == 0
        assert caller.send(openid, token=token)["errcode"] == 0
        assert len(wechat.messages(openid)) == 2


def test_however_many_send_at_once_consents_and_messages_agree(caller, wechat):
    openid, token = wechat.make_user(), caller.token()
    wechat.accept(openid, "即将到期", times=20)
    barrier = Barrier(4, timeout=PATIENCE)

    def send_five() -> list[int]:
        barrier.wait()
        return [caller.send(openid, token=token)["errcode"] for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        works: list[Callable] = [pool.submit(send_five).result for _ in range(4)]
    codes = [code for work in works for code in work()]
    assert set(codes) <= {0, 43108}
    assert len(wechat.messages(openid)) == codes.count(0) == 20 - wechat.quota(openid, DUE)


def test_every_shipped_template_can_be_sent_with_its_own_examples(caller, wechat):
    openid = wechat.make_user()
    wechat.accept(openid)
    for template in wechat.get("templates")["templates"]:
        examples = {key: template["examples"][label] for label, key in template["fields"].items()}
        told = caller.send(openid, template_id=template["id"], data=in_fields(examples))
        assert told["errcode"] == 0, template["title"]
    assert {message["title"] for message in wechat.messages(openid)} == set(TEMPLATES)
