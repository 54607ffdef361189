"""What one request may take, whether it left, and where it may go; against a server gone wrong."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server
from time import monotonic

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app import clock
from services.gateways.wechat_errors import (
    BAD_BODY,
    CONNECT_FAIL,
    HTTP_4XX,
    HTTP_5XX,
    HTTP_429,
    LOST,
)
from services.gateways.wechat_transport import Patience, Unanswered, session_for
from tests.services.gateways.speakers import Speech, answer, drip, say, silent, speaking

PATIENCE = Patience(connect=0.5, read=0.3, total=0.6)
LONGEST = 30.0
SECRET = "s3cretW0rd"


def ask(origin: str, patience: Patience = PATIENCE) -> requests.Response:
    with session_for(origin, patience) as session:
        return session.post(f"{origin}send?secret={SECRET}", data=b"{}")


def fault_of(speech: Speech, patience: Patience = PATIENCE) -> str:
    with speaking(speech) as origin, pytest.raises(Unanswered) as caught:
        ask(origin, patience)
    assert SECRET not in repr(caught.value)
    assert caught.value.__context__ is None
    return caught.value.fault


def test_a_whole_answer_comes_back():
    with speaking(say(answer(b'{"errcode":0}'))) as origin:
        assert ask(origin).content == b'{"errcode":0}'


@pytest.mark.parametrize(
    "speech",
    [
        drip(answer(b"x" * 1_000), every=0.02),
        drip(answer(b"", b"X-Slow: %s\r\n" % (b"x" * 1_000)), every=0.02),
        drip(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200,
            every=0.02,
        ),
        silent,
    ],
    ids=["body", "head", "chunks", "nothing"],
)
def test_an_answer_takes_no_longer_than_it_may(speech):
    began = monotonic()
    assert fault_of(speech) == LOST
    assert monotonic() - began < LONGEST


def test_the_next_bytes_may_take_less_than_everything_together():
    began = monotonic()
    assert fault_of(silent, Patience(connect=1, read=0.1, total=60)) == LOST
    assert monotonic() - began < LONGEST


@pytest.mark.parametrize(
    "speech",
    [
        say(b""),
        say(b"HTTP/1.1 2"),
        say(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"),
        say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        say(answer(b"no gzip", b"Content-Encoding: gzip\r\n")),
        say(b"\x00\x01\x02 nonsense\r\n\r\n"),
    ],
    ids=["closed", "half a line", "half a body", "bad chunk", "bad encoding", "nonsense"],
)
def test_a_broken_answer_is_none(speech):
    assert fault_of(speech) == LOST


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (b"302 Found\r\nLocation: http://127.0.0.1:1/elsewhere", BAD_BODY),
        (b"204 No Content", BAD_BODY),
        (b"403 Forbidden", HTTP_4XX),
        (b"404 Not Found", HTTP_4XX),
        (b"408 Request Timeout", HTTP_5XX),
        (b"429 Too Many Requests\r\nRetry-After: 1", HTTP_429),
        (b"500 Internal Server Error", HTTP_5XX),
        (b"503 Unavailable\r\nRetry-After: 1", HTTP_5XX),
    ],
)
def test_a_status_other_than_200_is_a_fault_and_is_not_followed(status, fault):
    assert fault_of(say(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")) == fault


def test_where_nobody_listens_nothing_is_sent():
    with create_server(("127.0.0.1", 0)) as door:
        origin = f"http://127.0.0.1:{door.getsockname()[1]}/"
    with pytest.raises(Unanswered, match=CONNECT_FAIL):
        ask(origin)


def test_after_the_deadline_nothing_is_sent():
    assert fault_of(silent, Patience(connect=1, read=1, total=0)) == CONNECT_FAIL


def test_without_a_handshake_nothing_is_sent():
    with speaking(say(b"no TLS here")) as plain, pytest.raises(Unanswered, match=CONNECT_FAIL):
        ask(plain.replace("http:", "https:"))


@pytest.fixture
def tls(tmp_path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(clock.real() - timedelta(days=1))
        .not_valid_after(clock.real() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    return context


def test_a_stranger_with_a_certificate_of_his_own_is_sent_nothing(tls):
    with speaking(silent, tls) as origin, pytest.raises(Unanswered, match=CONNECT_FAIL):
        ask(origin)


def test_tls_is_bounded_like_everything_else(tls, tmp_path, monkeypatch):
    certificate = str(Path(tmp_path, "certificate"))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", certificate)
    with speaking(say(answer(b"{}")), tls) as origin:
        assert ask(origin).content == b"{}"
    slow = drip(answer(b"", b"X-Slow: %s\r\n" % (b"x" * 1_000)), every=0.02)
    with speaking(slow, tls) as origin, pytest.raises(Unanswered, match=LOST):
        ask(origin)


def test_no_other_place_is_reached_whatever_is_asked():
    with session_for("http://127.0.0.1:1/", PATIENCE) as session:
        for address in ("https://api.weixin.qq.com/", "http://127.0.0.1:2/"):
            with pytest.raises(requests.exceptions.InvalidSchema):
                session.get(address)


def test_the_environment_sends_no_request_elsewhere(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    with speaking(say(answer(b"{}"))) as origin:
        assert ask(origin).content == b"{}"
