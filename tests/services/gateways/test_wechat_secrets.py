"""No secret, token, code, openid or phone number is in an error or in the log, whatever happens."""

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import orjson
import pytest

from config import logging as log_lines
from services.gateways.wechat import WeChat
from services.gateways.wechat_errors import (
    Busy,
    Limited,
    Misconfigured,
    NotReached,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
    Unsubscribed,
    WeChatError,
)
from tests.services.gateways.speakers import Speech, answer, say, speaking
from tests.services.gateways.wechat_parts import KeptToken, hasty_gateway, message_to
from tests.wechat import SECRET

TOKEN = "tokenTOKENtoken"
LOGIN_CODE, PHONE_CODE = "loginCodeLogin", "phoneCodePhone"
OPENID, NUMBER = "oOpenidOpenid", "13811112222"
PRIVATE = re.compile("|".join([SECRET, TOKEN, LOGIN_CODE, PHONE_CODE, OPENID, NUMBER]))

HALF_A_HEAD = b"HTTP/1.1 200 OK\r\nnonsense"
Ask = Callable[[WeChat], object]
ASKS: dict[str, Ask] = {
    "identify": lambda platform: platform.identify(LOGIN_CODE),
    "phone": lambda platform: platform.phone(PHONE_CODE, OPENID),
    "send": lambda platform: platform.send(message_to(OPENID, fields={"thing1": NUMBER})),
    "templates": lambda platform: platform.templates(),
}


def quoting(errcode: int) -> Speech:
    """A refusal that quotes everything it was told, and more."""
    errmsg = f"data.thing1 {SECRET} {TOKEN} {LOGIN_CODE} {PHONE_CODE} {OPENID} {NUMBER}"
    return say(answer(orjson.dumps({"errcode": errcode, "errmsg": errmsg})))


def wearing(watermark: str) -> Speech:
    told = {"purePhoneNumber": NUMBER, "watermark": {"appid": watermark}}
    return say(answer(orjson.dumps({"phone_info": told})))


SPEECHES: dict[str, Speech | None] = {
    "nobody there": None,
    "closed": say(b""),
    "half a head": say(HALF_A_HEAD),
    "html": say(answer(f"<html>{SECRET}{OPENID}</html>".encode())),
    "redirect": say(b"HTTP/1.1 302 Found\r\nLocation: /?%s\r\n\r\n" % SECRET.encode()),
    "forbidden": say(b"HTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n" % SECRET.encode()),
    "unavailable": say(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    "other": wearing("somebody else"),
    **{
        str(errcode): quoting(errcode)
        for errcode in (-1, 40001, 40029, 40125, 43101, 45009, 45011, 47003, 48001, 987654)
    },
}


@pytest.fixture
def log(capsys) -> Iterator[Callable[[], str]]:
    """Reads what a process logs that is told to log everything, as JSON lines and as plain text."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log_lines.LIBRARIES}
    log_lines.configure("DEBUG")
    plain = logging.StreamHandler()
    root.addHandler(plain)
    yield lambda: capsys.readouterr().err
    root.handlers[:] = kept
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


class ReplacedAtOnce(KeptToken):
    """Whenever its token is dropped, another process has put one in its place."""

    def drop(self, token: str) -> None:
        self.token = token


def caught_in(speech: Speech | None, ask: Ask, token: str | None = TOKEN) -> WeChatError:
    with ExitStack() as ending:
        base = ending.enter_context(speaking(speech)) if speech else "http://127.0.0.1:1/"
        platform = hasty_gateway(base, ReplacedAtOnce(token=token))
        with pytest.raises(WeChatError) as caught:
            ask(platform)
        return caught.value


def everything_told(error: BaseException) -> str:
    """What any way of printing an error, and those behind it, might show."""
    logging.getLogger("careless").error("%r failed", error, exc_info=error)
    shown = "".join(traceback.format_exception(error))
    return f"{shown} {error!s} {error!r} {error.args} {vars(error)}"


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("token", [TOKEN, None], ids=["token", "no token"])
def test_neither_errors_nor_the_log_give_anything_away(log, speech, ask, token):
    error = caught_in(speech, ask, token)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not PRIVATE.search(everything_told(error))
    logged = log()
    assert "failed" in logged
    assert not PRIVATE.search(logged)


def test_every_kind_of_error_was_among_them():
    kinds = {type(caught_in(each, ask)) for each in SPEECHES.values() for ask in ASKS.values()}
    assert kinds == {
        Busy,
        Limited,
        Misconfigured,
        NotReached,
        OutcomeUnknown,
        Rejected,
        TokenRefused,
        Unsubscribed,
    }


def test_what_is_logged_where_nothing_fails_gives_nothing_away(log, wechat):
    openid = wechat.make_user(NUMBER, openid=OPENID)
    tokens = KeptToken()
    platform = hasty_gateway(wechat.base, tokens)
    who = platform.identify(wechat.login_code(openid))
    platform.phone(wechat.phone_code(openid), openid)
    told = f"{who!r} {message_to(openid)!r} {vars(platform)!r} {platform!r} {log()}"
    assert not PRIVATE.search(told)
    assert tokens.token
    assert tokens.token not in told
