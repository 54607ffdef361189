"""What the product asks of the platform, against the emulated one: log-in, phone, message, list."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from services.gateways.wechat import Identity
from services.gateways.wechat_errors import (
    Call,
    Limited,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    Unsubscribed,
    WeChatError,
)
from tests.services.gateways.speakers import answer, say, speaking
from tests.services.gateways.wechat_parts import (
    HINT,
    LIMIT,
    NUMBER,
    PHONE,
    TITLE,
    KeptToken,
    asked,
    consenting,
    gateway,
    message_to,
)
from tests.wechat import APPID, SECRET, TEMPLATES


def told(**body: object) -> bytes:
    return answer(orjson.dumps(body))


def test_a_login_code_tells_who_it_is_without_a_token(wechat):
    openid = wechat.make_user(unionid="u-1")
    assert gateway(wechat.base).identify(wechat.login_code(openid)) == Identity(openid, "u-1")
    [call] = wechat.calls()
    assert set(call["query"]) == {"appid", "secret", "js_code", "grant_type"}
    assert call["query"]["appid"] == APPID


def test_an_identity_holds_no_session_key(wechat):
    who = gateway(wechat.base).identify(wechat.login_code(wechat.make_user()))
    assert who.unionid is None
    assert {name for name in dir(who) if not name.startswith("_")} == {"openid", "unionid"}


def test_login_codes_that_are_no_good(wechat):
    openid, risky = wechat.make_user(PHONE), wechat.make_user(risk=True)
    used, old = wechat.login_code(openid), wechat.login_code(openid)
    gateway(wechat.base).identify(used)
    blocked, phone_code = wechat.login_code(risky), wechat.phone_code(openid)
    cases = [(used, 40163), ("unknown", 40029), (blocked, 40226), (phone_code, 40029)]
    for code, errcode in cases:
        with pytest.raises(Rejected) as caught:
            gateway(wechat.base).identify(code)
        assert (caught.value.call, caught.value.errcode) == (Call.SESSION, errcode)
    wechat.advance(301)
    with pytest.raises(Rejected) as caught:
        gateway(wechat.base).identify(old)
    assert caught.value.errcode == 40029


def test_one_code_used_twice_at_once_is_one_person_once(wechat):
    code = wechat.login_code(wechat.make_user())

    def use(_: int) -> int | None:
        try:
            gateway(wechat.base).identify(code)
        except WeChatError as error:
            return error.errcode
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(use, range(2))) == {None, 40163}


def test_a_phone_code_tells_the_number_to_whom_it_was_given(wechat):
    openid, other = wechat.make_user(PHONE), wechat.make_user()
    code = wechat.phone_code(openid)
    platform = gateway(wechat.base)
    with pytest.raises(Rejected) as caught:
        platform.phone(code, other)
    assert (caught.value.call, caught.value.errcode) == (Call.PHONE, 40029)
    assert platform.phone(code, openid) == PHONE
    with pytest.raises(Rejected) as caught:
        platform.phone(code, openid)
    assert caught.value.errcode == 40029


def test_a_login_code_is_no_phone_code(wechat):
    openid = wechat.make_user(PHONE)
    with pytest.raises(Rejected):
        gateway(wechat.base).phone(wechat.login_code(openid), openid)


def test_a_number_from_abroad_is_not_taken_for_one_of_ours(wechat):
    openid = wechat.make_user(PHONE, country_code="55")
    with pytest.raises(Rejected, match="中国大陆") as caught:
        gateway(wechat.base).phone(wechat.phone_code(openid), openid)
    assert caught.value.errcode is None


def test_a_number_given_to_another_mini_program_is_not_taken():
    foreign = {
        "purePhoneNumber": PHONE,
        "countryCode": "86",
        "watermark": {"appid": "wx" + "f" * 16},
    }
    speech = say(told(errcode=0, access_token="t", phone_info=foreign))
    with speaking(speech) as base, pytest.raises(Rejected, match="不是给这个小程序的"):
        gateway(base).phone("code", "openid")


@pytest.mark.parametrize(
    "inside", [None, {}, [], {"watermark": {"appid": APPID}, "countryCode": "86"}]
)
def test_an_answer_without_a_number_leaves_open_what_became_of_the_code(inside):
    speech = say(told(errcode=0, access_token="t", phone_info=inside))
    with speaking(speech) as base, pytest.raises(OutcomeUnknown):
        gateway(base).phone("code", "openid")


def test_a_message_arrives_as_it_was_written(wechat):
    openid = consenting(wechat)
    msgid = gateway(wechat.base).send(message_to(openid))
    [message] = wechat.messages(openid)
    assert msgid == str(message["msgid"])
    assert [line["value"] for line in message["lines"]] == [NUMBER, LIMIT, HINT]
    assert message["title"] == TITLE
    assert message["page"] == "pages/ticket/detail?id=1"
    assert (message["miniprogram_state"], message["lang"]) == ("trial", "zh_CN")


def test_a_message_that_is_taken_without_an_id_has_been_sent():
    with speaking(say(told(errcode=0, access_token="t"))) as base:
        assert not gateway(base).send(message_to("openid"))


def test_an_answer_that_says_neither_yes_nor_no_leaves_the_message_open():
    with speaking(say(told(access_token="t", msgid=1))) as base, pytest.raises(OutcomeUnknown):
        gateway(base).send(message_to("openid"))


def test_nobody_is_sent_more_than_they_consented_to(wechat):
    openid = consenting(wechat)
    platform = gateway(wechat.base)
    platform.send(message_to(openid))
    with pytest.raises(Unsubscribed) as caught:
        platform.send(message_to(openid))
    assert (caught.value.errcode, caught.value.action) == (43101, "pause_user")
    assert len(wechat.messages(openid)) == 1


def test_a_message_that_the_platform_refuses_says_why(wechat):
    openid = consenting(wechat)
    empty = {"character_string1": NUMBER, "time3": LIMIT, "thing4": ""}
    cases = [
        (message_to("o-nobody"), Rejected, 40003, ""),
        (message_to(openid, template_id="none"), Misconfigured, 40037, ""),
        (message_to(openid, page="/starts/with/slash"), Misconfigured, 41030, ""),
        (message_to(openid, fields=empty), Rejected, 47003, "thing4"),
    ]
    for message, kind, errcode, field in cases:
        with pytest.raises(kind) as caught:
            gateway(wechat.base).send(message)
        assert (caught.value.errcode, caught.value.field) == (errcode, field)
    assert not wechat.messages(openid)


def test_the_templates_of_the_account_come_with_label_and_key(wechat):
    found = {template.title: template for template in gateway(wechat.base).templates()}
    assert {title: template.template_id for title, template in found.items()} == TEMPLATES
    template = found[TITLE]
    assert template.fields == {
        "诉求编号": "character_string1",
        "补正期限": "time3",
        "温馨提示": "thing4",
    }
    assert not template.is_long_term


def test_a_long_term_template_is_known_by_its_type(wechat):
    row = {"id": "long", "title": "长期", "type": 3, "fields": {"事项：名称": "thing1"}}
    wechat.put("templates", templates=[row])
    [template] = gateway(wechat.base).templates()
    assert template.is_long_term
    assert template.fields == {"事项：名称": "thing1"}


@pytest.mark.parametrize("listed", [None, {}, [1], [{"title": "no id"}]])
def test_a_list_that_is_none_is_asked_for_again(listed):
    speech = say(told(errcode=0, access_token="t", data=listed))
    with speaking(speech) as base, pytest.raises(Limited) as caught:
        gateway(base).templates()
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("said", "life"),
    [(300, 300), ("7200", 7200), (10**12, 7200), (-5, 0), (None, 600), ("soon", 600), ([], 600)],
)
def test_how_long_a_token_is_good_for(said, life):
    tokens = KeptToken()
    with speaking(say(told(access_token="t", errcode=0, data=[], expires_in=said))) as base:
        gateway(base, tokens).templates()
    assert (tokens.token, tokens.lives) == ("t", [life])


@pytest.mark.parametrize("token", [None, "", 5, {}])
def test_an_answer_without_a_token_is_none(token):
    tokens = KeptToken()
    with speaking(say(told(access_token=token))) as base, pytest.raises(Limited) as caught:
        gateway(base, tokens).templates()
    assert caught.value.call == Call.CREDENTIAL
    assert not tokens.lives


def test_a_wrong_secret_is_a_matter_for_the_administrator(wechat):
    platform = gateway(wechat.base, secret=SECRET[::-1])
    for ask in (platform.templates, lambda: platform.identify("code")):
        with pytest.raises(Misconfigured) as caught:
            ask()
        assert caught.value.errcode == 40125
    assert asked(wechat, "stable_token") == 1


def test_a_secret_that_is_known_no_more_is_replaced_by_the_newest(wechat):
    platform = gateway(wechat.base, KeptToken(secret=SECRET), secret=SECRET[::-1])
    openid = wechat.make_user()
    assert platform.identify(wechat.login_code(openid)).openid == openid
    assert platform.templates()
    # The first refusal has taught the process: it asks with the new one from the start.
    assert asked(wechat, "jscode2session") == 2
    assert asked(wechat, "stable_token") == 1


def test_a_newest_secret_that_is_not_known_either_is_tried_once(wechat):
    platform = gateway(wechat.base, KeptToken(secret="f" * 32), secret=SECRET[::-1])
    for _ in range(2):
        with pytest.raises(Misconfigured) as caught:
            platform.templates()
        assert caught.value.errcode == 40125
    assert asked(wechat, "stable_token") == 3


def test_other_refusals_ask_for_no_other_secret(wechat):
    wechat.fault("ip_refused", match={"path": "/cgi-bin/stable_token"})
    with pytest.raises(Misconfigured):
        gateway(wechat.base, KeptToken(secret="f" * 32)).templates()
    assert asked(wechat, "stable_token") == 1


def test_a_base_url_may_lack_its_last_stroke(wechat):
    assert gateway(wechat.base.rstrip("/")).templates()
