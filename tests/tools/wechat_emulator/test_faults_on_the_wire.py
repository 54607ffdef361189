"""Faults of connections and gateways, each once over a raw socket."""

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.tools.wechat_emulator.caller import SEND, Caller
from tests.wechat import PATIENCE, emulated_wechat

SENDING = {"path": "subscribe/send"}


@pytest.fixture
def body(caller, openid) -> bytes:
    """A message that would be accepted."""
    return json.dumps(caller.message(openid), ensure_ascii=False).encode()


def heard(caller, body: bytes) -> tuple[bytes, bytes]:
    """Head and body of what comes back."""
    head, _, rest = caller.wire(SEND, body).partition(b"\r\n\r\n")
    return head, rest


@pytest.mark.parametrize(("effect", "arrived"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_before_and_after_acting(caller, openid, body, effect, arrived):
    caller.wechat.fault(effect, match=SENDING, times=1)
    with pytest.raises(ConnectionResetError):
        caller.wire(SEND, body)
    assert len(caller.wechat.messages(openid)) == arrived
    assert caller.wechat.quota(openid, "即将到期") == 3 - arrived
    assert heard(caller, body)[0].startswith(b"HTTP/1.1 200 OK")


def test_hanging_says_nothing_and_hinders_nobody(caller, wechat, openid, body):
    wechat.fault("hang", match=SENDING, times=1)
    with pytest.raises(TimeoutError):
        caller.wire(SEND, body, timeout=0.05)
    assert not wechat.messages(openid)
    assert caller.send(openid)["errcode"] == 0


def test_others_are_served_while_one_is_slow():
    with emulated_wechat() as wechat:
        caller = Caller(wechat)
        openid = wechat.make_user()
        wechat.accept(openid, "即将到期")
        body = json.dumps(caller.message(openid), ensure_ascii=False).encode()
        wechat.fault("latency", match={"path": "subscribe/send"}, ms=60_000)
        with pytest.raises(TimeoutError):
            caller.wire(SEND, body, timeout=0.05)
        assert caller.token()
        assert not wechat.messages(openid)
        wechat.stop_waiting()
        assert wechat.wait_for_messages(openid), "what was slow is done all the same"


def test_a_little_latency_changes_nothing(caller, wechat, openid, body):
    wechat.fault("latency", match=SENDING, ms=1, to_ms=2)
    assert heard(caller, body)[0].startswith(b"HTTP/1.1 200 OK")
    assert len(wechat.messages(openid)) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_gateway_fails(caller, wechat, openid, body, status):
    wechat.fault("http", match=SENDING, status=status, retry_after=7)
    head, rest = heard(caller, body)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Retry-After: 7" in head
    assert b"text/html" in head
    assert b"<html>" in rest
    assert not wechat.messages(openid)


def test_a_gateway_may_fail_after_the_platform_has_acted(caller, wechat, openid, body):
    wechat.fault("http", match=SENDING, status=504, act=True)
    assert heard(caller, body)[0].startswith(b"HTTP/1.1 504 ")
    assert len(wechat.messages(openid)) == 1


def test_a_hotel_sends_everybody_to_its_log_in_page(caller, wechat, body):
    wechat.fault("http", match=SENDING, status=302)
    head, _ = heard(caller, body)
    [location] = [line[10:] for line in head.decode().splitlines() if line.startswith("Location: ")]
    status, _, page = caller.exchange("GET", location.lstrip("/"), {})
    assert (status, page[:6]) == (200, b"<html>")


def test_an_answer_cut_short(caller, wechat, openid, body):
    wechat.fault("truncate", match=SENDING, bytes=5)
    head, rest = heard(caller, body)
    assert rest == b'{"err'
    assert b"Content-Length: 5\r" not in head
    assert len(wechat.messages(openid)) == 1


def test_an_answer_that_drips(caller, wechat, body):
    wechat.fault("drip", match=SENDING, ms=1)
    assert json.loads(heard(caller, body)[1])["errcode"] == 0


@pytest.mark.parametrize(
    ("effect", "expected"), [("html200", b"<html>"), ("empty200", b""), ("list200", b"[]")]
)
def test_odd_bodies_under_a_good_status(caller, openid, body, effect, expected):
    caller.wechat.fault(effect, match=SENDING)
    head, rest = heard(caller, body)
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert rest.startswith(expected)
    assert bool(rest) == bool(expected)
    assert len(caller.wechat.messages(openid)) == 1


def test_an_answer_in_gbk(caller, wechat, body):
    wechat.fault("gbk", match=SENDING)
    _, rest = heard(caller, body)
    assert "成功" in rest.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        rest.decode()


def test_connections_are_kept_and_every_answer_comes_in_one_piece(caller, wechat, openid):
    token = caller.token()
    address = urlsplit(wechat.base)
    with closing(HTTPConnection(address.netloc, timeout=PATIENCE)) as connection:
        sockets = set()
        for _ in range(3):
            connection.request("GET", f"/wxa/checksession?access_token={token}&openid={openid}")
            assert connection.getresponse().read()
            sockets.add(connection.sock)
        assert len(sockets) == 1
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(b"GET /cgi-bin/token HTTP/1.1\r\nHost: x\r\n\r\n")
        first = connection.recv(65_536)
        assert first.endswith(b"}"), "head and body together"


@pytest.mark.parametrize("length", ["-1", "many", str(10**9)])
def test_a_body_of_no_honest_length_is_refused(wechat, length):
    address = urlsplit(wechat.base)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        request = f"POST /cgi-bin/token HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_what_is_not_emulated_is_not_found_and_noted(caller, wechat):
    status, headers, page = caller.exchange("GET", "cgi-bin/getcallbackip", {"access_token": "x"})
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b"404 Not Found" in page
    wechat.reset()
    [noted] = wechat.unexpected()
    assert noted["path"] == "/cgi-bin/getcallbackip"
    wechat.ask("DELETE", "unexpected")
    assert not wechat.unexpected()
