"""The admin routes, and the page of the phones."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.tools.wechat_emulator.caller import DUE, FILLED, in_fields
from tests.wechat import KEY, SECRET, TEMPLATES, Phones, Refused, emulated_wechat


@pytest.mark.parametrize("path", ["health", "state", "", "no-such-route"])
def test_nothing_is_told_without_the_key(wechat, path):
    with pytest.raises(Refused) as refused:
        Phones(wechat.base, "another-key").get(path)
    assert refused.value.args[0] == 401


def test_what_is_not_there_is_said(wechat):
    with pytest.raises(Refused) as missing:
        wechat.get("no-such-route")
    with pytest.raises(Refused) as wrong:
        wechat.get("reset")
    assert (missing.value.args[0], wrong.value.args[0]) == (404, 405)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("login", {}),
        ("login", {"openid": "nobody"}),
        ("login", {"openid": 5}),
        ("users", {"phone": 5}),
        ("users", {"risk": "yes"}),
        ("subscribe", {"openid": "nobody", "template_ids": []}),
        ("clock", {}),
        ("clock", {"advance": "soon"}),
        ("clock", {"advance": 1, "offset": 1}),
        ("tokens/expire", {"forget": 1}),
    ],
)
def test_a_mistake_is_told(wechat, path, content):
    with pytest.raises(Refused) as refused:
        wechat.post(path, **content)
    assert refused.value.args[0] == 400
    assert refused.value.args[1]


@pytest.mark.parametrize("body", [[1], "text"])
def test_a_body_is_an_object(wechat, body):
    with pytest.raises(Refused):
        wechat.ask("POST", "users", body)


def test_the_popup_has_the_rules_of_the_client(wechat, openid):
    def ask(templates: list[str], **more) -> dict:
        return wechat.post("subscribe", openid=openid, template_ids=templates, **more)

    ids = list(TEMPLATES.values())
    for wrong in (["unknown"], ids[:6]):
        with pytest.raises(Refused):
            ask(wrong)
    assert ask(ids[:1], result="reject") == {
        "errMsg": "requestSubscribeMessage:ok",
        ids[0]: "reject",
    }
    assert wechat.quota(openid, ids[0]) == 0
    ask(ids[:1], times=2)
    ask(ids[:1])
    assert wechat.quota(openid, ids[0]) == 3
    templates = wechat.get("templates")["templates"]
    wechat.put("templates", templates=[it | {"is_banned": it["id"] == ids[1]} for it in templates])
    assert ask(ids[1:2])[ids[1]] == "ban"
    assert wechat.quota(openid, ids[1]) == 0
    templates[0]["type"] = 3
    wechat.put("templates", templates=templates)
    with pytest.raises(Refused, match="20002"):
        ask(ids[:2])
    wechat.make_user(openid=openid, main_switch=False)
    with pytest.raises(Refused, match="20004"):
        ask(ids[1:2])


@pytest.mark.parametrize(
    "changes",
    [{"type": 1}, {"fields": {"提示": "memo1"}}, {"fields": {"提示": "thing"}}, {"colour": "red"}],
)
def test_templates_are_checked(wechat, changes):
    whole = {"id": "t", "title": "试验", "type": 2, "fields": {"提示": "thing1"}}
    assert wechat.put("templates", templates=[whole]) == {"templates": 1}
    with pytest.raises(Refused):
        wechat.put("templates", templates=[whole | changes])


def test_messages_are_found_by_person_template_and_number(caller, wechat, openid):
    other = wechat.make_user()
    wechat.accept(other, "即将到期")
    for each in (openid, other, openid):
        caller.send(each)
    assert [it["openid"] for it in wechat.messages()] == [openid, other, openid]
    assert not wechat.messages(openid, "已超期")
    first = wechat.messages(openid, "即将到期")[0]["id"]
    assert len(wechat.get("messages", openid=openid, since=first)["messages"]) == 1
    assert len(wechat.get("messages", limit=2)["messages"]) == 2


def test_waiting_ends_when_the_message_comes(caller, wechat, openid):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wechat.wait_for_messages, openid, 2)
        caller.send(openid)
        assert not waiting.done()
        caller.send(openid)
        assert len(waiting.result()) == 2
    late = wechat.get("messages/wait", openid=openid, count=3, timeout=0.01)
    assert (late["complete"], len(late["messages"])) == (False, 2)


def test_calls_hide_their_secrets_and_tell_them_apart(caller, wechat, openid):
    token, code = caller.token(), wechat.login_code(openid)
    caller.session(code)
    caller.send(openid, token=token)
    seen = str(wechat.get("calls")) + str(wechat.get("state"))
    for secret in (token, SECRET, code, KEY):
        assert secret not in seen
    stable, session, sent = wechat.calls()
    assert stable["path"] == "/cgi-bin/stable_token"
    assert session["query"]["secret"].startswith("***")
    assert sent["query"]["access_token"] != session["query"]["secret"]
    assert wechat.get("calls", since=session["id"])["calls"] == [sent]
    assert wechat.get("calls", path="subscribe/send")["count"] == 1


def test_a_reset_leaves_the_shipped_templates_only(caller, wechat, openid):
    caller.send(openid)
    wechat.fault("hang")
    wechat.advance(50)
    wechat.put("templates", templates=[])
    wechat.reset()
    state = wechat.get("state")
    assert len(state["templates"]) == len(TEMPLATES)
    assert (state["users"], state["tokens"], state["messages"], state["offset"]) == ([], [], 0, 0)
    assert not wechat.calls()
    assert not wechat.get("faults")["faults"]


def test_a_quota_can_be_set(caller, wechat, openid):
    wechat.put("quota", openid=openid, template_id=DUE, remaining=1)
    assert [caller.send(openid)["errcode"] for _ in range(2)] == [0, 43101]
    for wrong in ({"limit": "nothing/day", "most": 1}, {"openid": openid, "template_id": "x"}):
        with pytest.raises(Refused):
            wechat.put("quota", remaining=1, **wrong)


def page_of(caller, **query: str) -> tuple[int, str]:
    status, _, body = caller.exchange("GET", "__emu/", query)
    return status, body.decode()


def test_the_page_shows_each_phone_with_its_messages(caller, wechat, openid):
    wechat.make_user(openid=openid, name="张管家")
    tip = in_fields(FILLED | {"thing8": "<b>请办理</b>&"})
    caller.send(openid, data=tip, page="pages/ticket/show?number=AS1")
    status, html = page_of(caller, key=KEY)
    assert status == 200
    for part in (
        "张管家",
        "13800000001",
        openid,
        "即将到期",
        "<dt>诉求编号</dt><dd>AS20261122000001</dd>",
        "&lt;b&gt;请办理&lt;/b&gt;&amp;",
        "pages/ticket/show?number=AS1",
        wechat.messages(openid)[0]["time"],
    ):
        assert part in html
    assert "http://" not in html
    assert "https://" not in html
    assert page_of(caller)[0] == page_of(caller, key="wrong")[0] == 401


def test_the_page_without_anybody(caller):
    assert "还没有微信用户" in page_of(caller, key=KEY)[1]


def test_the_end_of_the_emulator_ends_what_waits():
    with ThreadPoolExecutor(1) as pool:
        with emulated_wechat() as wechat:
            waiting = pool.submit(wechat.get, "messages/wait", count=1, timeout=60)
            wechat.get("health")
        assert waiting.exception() or not waiting.result()["messages"]
