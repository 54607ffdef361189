"""The platform at its worst: refused tokens, lost answers, odd bodies, slowness, many at once."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from services.gateways.wechat_errors import (
    Busy,
    Call,
    Limited,
    Misconfigured,
    NotReached,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
    Unsubscribed,
    WeChatError,
)
from tests.services.gateways.wechat_parts import (
    PHONE,
    KeptToken,
    asked,
    consenting,
    fault,
    gateway,
    hasty_gateway,
    message_to,
)

SEND, TOKEN = "subscribe/send", "stable_token"
LONGEST = 30.0
NO_ANSWER = ["hang", "reset_before", "reset_after", "truncate", "drip"]
ODD_ANSWER = ["html200", "empty200", "list200", "gbk"]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001, 41001])
def test_a_refused_token_is_replaced_and_the_message_goes_out_once(wechat, errcode):
    openid = consenting(wechat)
    wechat.fault("errcode", errcode=errcode, match={"path": SEND}, times=1)
    gateway(wechat.base).send(message_to(openid))
    assert (asked(wechat, SEND), asked(wechat, TOKEN)) == (2, 2)
    assert len(wechat.messages(openid)) == 1


@pytest.mark.parametrize("forget", [False, True])
def test_a_token_that_died_meanwhile_is_replaced(wechat, forget):
    openid = consenting(wechat, times=2)
    tokens = KeptToken()
    platform = gateway(wechat.base, tokens)
    platform.send(message_to(openid))
    dead = tokens.token
    wechat.expire_tokens(forget=forget)
    platform.send(message_to(openid))
    assert tokens.token != dead
    assert asked(wechat, SEND) == 3


@pytest.mark.parametrize("errcode", [40001, 40014, 42001, 41001])
def test_a_token_that_is_refused_for_ever_is_replaced_once(wechat, errcode):
    openid = consenting(wechat)
    tokens = KeptToken()
    platform = gateway(wechat.base, tokens)
    platform.templates()
    wechat.fault("errcode", errcode=errcode, match={"path": SEND})
    with pytest.raises(TokenRefused) as caught:
        platform.send(message_to(openid))
    assert caught.value.errcode == errcode
    assert not caught.value.retryable
    assert (asked(wechat, SEND), asked(wechat, TOKEN)) == (2, 2)
    assert not wechat.messages(openid)


def test_a_token_that_another_process_has_replaced_is_not_dropped(wechat):
    class Replaced(KeptToken):
        """Another process puts its token in place just before ours is dropped."""

        def drop(self, token: str) -> None:
            self.token = gateway(wechat.base)._client.access_token
            super().drop(token)

    tokens = Replaced(token="dead")
    gateway(wechat.base, tokens).templates()
    assert asked(wechat, TOKEN) == 1


@pytest.mark.parametrize("effect", NO_ANSWER + ODD_ANSWER)
def test_after_a_lost_or_odd_answer_a_message_may_lie_on_the_phone(wechat, effect):
    openid = consenting(wechat, times=2)
    tokens = KeptToken()
    gateway(wechat.base, tokens).templates()
    fault(wechat, effect, SEND, times=1)
    began = monotonic()
    with pytest.raises(OutcomeUnknown) as caught:
        hasty_gateway(wechat.base, tokens).send(message_to(openid))
    assert monotonic() - began < LONGEST
    assert caught.value.call == Call.SEND
    assert asked(wechat, SEND) == 1
    lies_there = effect not in {"hang", "reset_before"}
    assert len(wechat.messages(openid)) == lies_there


@pytest.mark.parametrize("status", [500, 502, 503, 504, 302])
@pytest.mark.parametrize("act", [False, True])
def test_an_error_of_the_gateway_leaves_the_message_open(wechat, status, act):
    openid = consenting(wechat, times=2)
    wechat.fault("http", status=status, act=act, match={"path": SEND})
    with pytest.raises(OutcomeUnknown):
        gateway(wechat.base).send(message_to(openid))
    assert asked(wechat, SEND) == 1
    assert len(wechat.messages(openid)) == act


def test_too_many_requests_were_not_taken(wechat):
    wechat.fault("http", status=429, retry_after=1, match={"path": SEND})
    with pytest.raises(Limited):
        gateway(wechat.base).send(message_to(consenting(wechat)))


@pytest.mark.parametrize("effect", [*NO_ANSWER, *ODD_ANSWER, "http"])
def test_the_list_of_templates_may_be_asked_for_again(wechat, effect):
    tokens = KeptToken()
    platform = gateway(wechat.base, tokens)
    assert platform.templates()
    fault(wechat, effect, "gettemplate", times=1)
    with pytest.raises((Busy, Limited)) as caught:
        hasty_gateway(wechat.base, tokens).templates()
    assert caught.value.retryable
    assert asked(wechat, "gettemplate") == 2
    assert platform.templates()


@pytest.mark.parametrize("effect", [*NO_ANSWER, *ODD_ANSWER, "http", "secret_wrong", "ip_refused"])
def test_without_a_token_nothing_is_sent(wechat, effect):
    openid = consenting(wechat)
    fault(wechat, effect, TOKEN)
    began = monotonic()
    with pytest.raises(WeChatError) as caught:
        hasty_gateway(wechat.base).send(message_to(openid))
    assert monotonic() - began < LONGEST
    assert isinstance(caught.value, Busy | Limited | Misconfigured)
    assert caught.value.call == Call.CREDENTIAL
    assert (asked(wechat, SEND), asked(wechat, TOKEN)) == (0, 1)


def test_a_slow_token_is_not_waited_for(wechat):
    wechat.fault("latency", ms=60_000, match={"path": TOKEN})
    began = monotonic()
    with pytest.raises(Busy):
        hasty_gateway(wechat.base).templates()
    assert monotonic() - began < LONGEST


@pytest.mark.parametrize("effect", [*NO_ANSWER, *ODD_ANSWER, "http"])
def test_a_code_is_never_used_again_after_a_lost_answer(wechat, effect):
    openid = wechat.make_user(PHONE)
    tokens = KeptToken()
    gateway(wechat.base, tokens).templates()
    platform = hasty_gateway(wechat.base, tokens)
    fault(wechat, effect, "jscode2session")
    fault(wechat, effect, "getuserphonenumber")
    with pytest.raises(OutcomeUnknown):
        platform.identify(wechat.login_code(openid))
    with pytest.raises(OutcomeUnknown):
        platform.phone(wechat.phone_code(openid), openid)
    assert (asked(wechat, "jscode2session"), asked(wechat, "getuserphonenumber")) == (1, 1)


def test_a_phone_code_outlives_a_refused_token(wechat):
    openid = wechat.make_user(PHONE)
    wechat.fault("token_invalidate", match={"path": "getuserphonenumber"}, times=1)
    assert gateway(wechat.base).phone(wechat.phone_code(openid), openid) == PHONE


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, Busy),
        (43101, Unsubscribed),
        (43107, Misconfigured),
        (43108, Busy),
        (45009, Limited),
        (45011, Limited),
        (45168, Rejected),
        (48001, Misconfigured),
        (123456, Rejected),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_an_errcode_counts_whether_number_or_text(wechat, errcode, kind, as_text):
    wechat.fault("errcode", errcode=errcode, as_text=as_text, match={"path": SEND})
    with pytest.raises(WeChatError) as caught:
        gateway(wechat.base).send(message_to(consenting(wechat)))
    assert type(caught.value) is kind
    assert caught.value.errcode == errcode
    assert asked(wechat, SEND) == 1


def test_an_errcode_of_0_as_text_is_a_success(wechat):
    wechat.fault("errcode", errcode=0, as_text=True, act=True, match={"path": SEND})
    gateway(wechat.base).send(message_to(consenting(wechat)))
    assert asked(wechat, SEND) == 1


def test_a_platform_that_is_not_there_was_sent_nothing(wechat):
    tokens = KeptToken(token="known")
    platform = gateway("http://127.0.0.1:1/", tokens)
    for ask in (
        platform.templates,
        lambda: platform.identify("code"),
        lambda: platform.phone("code", "openid"),
        lambda: platform.send(message_to("openid")),
    ):
        with pytest.raises(NotReached) as caught:
            ask()
        assert caught.value.retryable
    assert tokens.token == "known"


def test_twenty_threads_fetch_one_token(wechat):
    wechat.fault("latency", ms=100, match={"path": TOKEN})
    platform = gateway(wechat.base)
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda _: platform.templates(), range(20)))
    assert asked(wechat, TOKEN) == 1


def test_twenty_threads_with_a_dead_token_fetch_one_more(wechat):
    tokens = KeptToken()
    platform = gateway(wechat.base, tokens)
    platform.templates()
    wechat.expire_tokens(forget=True)
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda _: platform.templates(), range(20)))
    assert asked(wechat, TOKEN) == 2


def test_threads_do_not_queue_for_a_token_without_end(wechat):
    fault(wechat, "hang", TOKEN)
    platform = hasty_gateway(wechat.base)
    began = monotonic()

    def ask(_: int) -> type[Exception] | None:
        try:
            platform.templates()
        except WeChatError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(ask, range(20))) == {Busy}
    assert monotonic() - began < LONGEST
    assert asked(wechat, TOKEN) < 10
