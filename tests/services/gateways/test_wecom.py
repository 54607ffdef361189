"""WeCom's gateway: one token for all, letters that are known again, codes that tell what to do."""

import json
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.phone_forms import Template
from app.domain.wecom_letters import Letter, letter_of
from services.gateways.wechat_transport import Patience
from services.gateways.wecom import WeCom, WeComApp
from services.gateways.wecom_errors import TABLE, WeComCall, WeComError, refused
from tests.services.gateways.wechat_parts import HASTY, PATIENT, KeptToken
from tests.wechat import SECRET
from tools.wechat_emulator.wecom import AGENT_ID, CORP_ID

LETTER = Letter("新诉求待办", "诉求编号：AS20261122-000001\n消息编号：7")
CARD = Letter(LETTER.title, LETTER.description, "https://example.gov.cn/t/AS20261122-000001")
USERID = "zhang.san"
SENT, TOKENS = "message/send", "gettoken"


def wecom(base: str, tokens=None, patience: Patience = PATIENT, **changes) -> WeCom:
    known: dict = {
        "corp_id": CORP_ID,
        "agent_id": AGENT_ID,
        "secret": SECRET,
        "api_base": f"{base}qy/",
    }
    return WeCom(WeComApp(**known | changes), tokens or KeptToken(), patience)


@pytest.fixture
def member(wechat) -> str:
    return wechat.make_member(USERID)


def error_of(act) -> WeComError:
    with pytest.raises(WeComError) as caught:
        act()
    shown = "".join(traceback.format_exception(caught.value))
    assert not [each for each in (SECRET, USERID, "access_token=", "/qy/") if each in shown]
    return caught.value


@pytest.mark.parametrize("letter", [LETTER, CARD])
def test_a_letter_arrives_as_a_card_or_as_text(wechat, member, letter):
    assert wecom(wechat.base).send(member, letter)
    [shown] = wechat.letters(member)
    assert letter.description in shown["text"]
    assert letter.title in shown["title"] + shown["text"]
    assert (shown["url"] or None, shown["msgtype"] == "textcard") == (letter.url, bool(letter.url))
    [call] = wechat.calls(SENT)
    asked = json.loads(call["body"])
    assert (asked["enable_duplicate_check"], asked["duplicate_check_interval"]) == (1, 14_400)
    assert SECRET not in str(wechat.calls())


def test_what_is_sent_twice_is_shown_once_for_hours(wechat, member):
    gateway = wecom(wechat.base)
    first = gateway.send(member, LETTER)
    wechat.advance(4 * 3_600 - 60)
    assert gateway.send(member, LETTER) == first
    assert len(wechat.letters()) == 1
    wechat.advance(120)
    assert gateway.send(member, LETTER) != first
    assert len(wechat.letters()) == 2


def test_two_messages_of_the_same_words_are_two_letters(wechat, member):
    fields = {"诉求编号": "AS20261122-000001", "待办事项": "催办"}
    for message_id in (1, 2):
        wecom(wechat.base).send(member, letter_of(Template.TODO, fields, message_id, None))
    assert len(wechat.letters(member)) == 2


@pytest.mark.parametrize(
    ("standing", "errcode"), [("invalid", 81013), ("named", 0), ("unlicensed", 0)]
)
def test_who_is_named_in_an_answer_is_not_reached(wechat, standing, errcode):
    userid = wechat.make_member(USERID, standing)
    error = error_of(lambda: wecom(wechat.base).send(userid, LETTER))
    assert (error.action, error.errcode) == ("unreachable", errcode)
    assert not wechat.letters()


@pytest.mark.parametrize(
    ("change", "call", "errcode"),
    [
        ({"secret": "x" * 32}, WeComCall.TOKEN, 40001),
        ({"corp_id": "ww" + "f" * 16}, WeComCall.TOKEN, 40013),
        ({"agent_id": 1}, WeComCall.SEND, 301002),
    ],
)
def test_wrong_settings_are_an_alarm(wechat, member, change, call, errcode):
    error = error_of(lambda: wecom(wechat.base, **change).send(member, LETTER))
    assert (error.action, error.call, error.errcode) == ("alert", call, errcode)


@pytest.mark.parametrize("key", TABLE)
def test_every_code_of_the_table_does_what_its_row_says(key):
    call, errcode = key
    action, meaning = TABLE[key]
    error = refused(WeComCall.SEND if call == "any" else WeComCall(call), errcode)
    assert error.action == action
    assert meaning in {error.detail, "接口凭据无效。", "请求中没有接口凭据。", "接口凭据已过期。"}


def test_a_code_without_a_row_is_dropped_and_a_token_call_never_asks_for_itself():
    assert refused(WeComCall.SEND, 99999).action == "drop"
    assert refused(WeComCall.TOKEN, 42001).action == "alert"


@pytest.mark.parametrize("forget", [False, True])
def test_a_dead_token_is_renewed_once(wechat, member, forget):
    gateway = wecom(wechat.base)
    gateway.send(member, LETTER)
    wechat.expire_tokens(forget=forget)
    gateway.send(member, CARD)
    assert (len(wechat.letters()), len(wechat.calls(TOKENS)), len(wechat.calls(SENT))) == (2, 2, 3)


def test_a_token_that_is_refused_for_ever_ends_after_one_renewal(wechat, member):
    wechat.fault("errcode", match={"path": SENT}, errcode=40014)
    error = error_of(lambda: wecom(wechat.base).send(member, LETTER))
    assert error.action == "refresh_token"
    assert len(wechat.calls(SENT)) == 2


def test_a_storm_of_senders_fetches_one_token(wechat):
    members = [wechat.make_member(f"member-{number}") for number in range(12)]
    gateway = wecom(wechat.base)
    for _ in range(2):
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda userid: gateway.send(userid, LETTER), members))
        wechat.expire_tokens()
    assert len(wechat.letters()) == 12
    assert len(wechat.calls(TOKENS)) == 2


SILENCES = ["hang", "reset_after", "html200", "empty200", "list200", "http", "truncate"]


@pytest.mark.parametrize("effect", SILENCES)
def test_a_lost_answer_leaves_the_outcome_open(wechat, member, effect):
    tokens = KeptToken()
    wecom(wechat.base, tokens).send(member, CARD)
    wechat.fault(effect, match={"path": SENT})
    error = error_of(lambda: wecom(wechat.base, tokens, HASTY).send(member, LETTER))
    assert error.action == "unknown"


def test_without_a_connection_nothing_was_sent():
    gateway = wecom("http://127.0.0.1:1/", patience=HASTY)
    assert error_of(lambda: gateway.send(USERID, LETTER)).action == "retry"


def test_a_token_whose_answer_was_lost_may_be_asked_for_again(wechat, member):
    wechat.fault("html200", match={"path": TOKENS})
    error = error_of(lambda: wecom(wechat.base).send(member, LETTER))
    assert (error.call, error.action) == (WeComCall.TOKEN, "retry")


def test_a_code_tells_the_member_once(wechat, member):
    gateway = wecom(wechat.base)
    code = wechat.wecom_code("Zhang.San")
    assert gateway.identify(code) == member
    error = error_of(lambda: gateway.identify(code))
    assert (error.action, error.errcode) == ("drop", 40029)
    assert gateway.identify(wechat.wecom_code("stranger")) is None
    assert code not in str(wechat.calls())
