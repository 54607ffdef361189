"""wechatpy under our client: one address for all its parts, one connection, nothing of the caller's
changed."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from wechatpy.client.api.base import BaseWeChatAPI

from services.gateways.wechat_client import Client, MiniProgram
from services.gateways.wechat_errors import Call
from services.gateways.wechat_transport import Patience
from tests.services.gateways.wechat_parts import (
    HINT,
    LIMIT,
    NUMBER,
    PATIENT,
    PHONE,
    TITLE,
    KeptToken,
    asked,
    consenting,
    gateway,
    message_to,
)
from tests.wechat import APPID, SECRET, TEMPLATES


@pytest.fixture
def connections(monkeypatch) -> list:
    """The addresses that anything in this process connects to."""
    reached: list = []
    connect = socket.socket.connect

    def note(self: socket.socket, address: tuple) -> None:
        reached.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", note)
    return reached


def client(base: str, patience: Patience = PATIENT) -> Client:
    program = MiniProgram(appid=APPID, secret=SECRET, api_base=base, state="formal")
    return Client(program, KeptToken(), patience)


def parts(owner: object) -> Iterator[BaseWeChatAPI]:
    for part in vars(owner).values():
        if isinstance(part, BaseWeChatAPI):
            yield part
            yield from parts(part)


def test_every_part_of_the_library_has_our_address():
    moved = client("http://127.0.0.1:1/")
    # Those without an address of their own take the client's.
    addresses = [getattr(part, "API_BASE_URL", moved.API_BASE_URL) for part in parts(moved)]
    assert len(addresses) > 30
    assert all(address.startswith("http://127.0.0.1:1/") for address in addresses)
    assert {"http://127.0.0.1:1/", "http://127.0.0.1:1/datacube/"} <= set(addresses)


def test_two_clients_keep_their_addresses_apart():
    first, second = client("http://127.0.0.1:1/"), client("http://127.0.0.1:2/")
    assert first.wxa.API_BASE_URL != second.wxa.API_BASE_URL


def test_only_the_given_address_is_ever_connected_to(wechat, connections):
    openid = consenting(wechat, times=2)
    platform, library = gateway(wechat.base), client(wechat.base)
    platform.identify(wechat.login_code(openid))
    platform.phone(wechat.phone_code(openid), openid)
    platform.send(message_to(openid))
    platform.templates()
    filled = {"character_string1": NUMBER, "time3": LIMIT, "thing4": HINT}
    words = {key: {"value": text} for key, text in filled.items()}
    library.wxa.code_to_session(wechat.login_code(openid))
    library.wxa.get_phone_number(wechat.phone_code(openid))
    library.wxa.send_subscribe_message(openid, TEMPLATES[TITLE], words)
    library.template.get_subscribe_message_templates()
    port = int(wechat.base.rstrip("/").rpartition(":")[2])
    assert set(connections) == {("127.0.0.1", port)}
    assert (asked(wechat, "stable_token"), asked(wechat, "cgi-bin/token")) == (2, 0)


def test_one_connection_serves_many_calls(wechat, connections):
    platform = client(wechat.base)
    for _ in range(20):
        platform.ask_with_token(Call.TEMPLATES, "get", "wxaapi/newtmpl/gettemplate")
    assert asked(wechat, "gettemplate") == 20
    asked_besides = 1
    assert len(connections) == 1 + asked_besides


def test_twenty_threads_keep_their_connections(wechat, connections):
    platform = gateway(wechat.base, KeptToken())
    platform.templates()
    wechat.fault("latency", ms=300, match={"path": "gettemplate"})
    with ThreadPoolExecutor(20) as pool:
        for _ in range(2):
            assert all(pool.map(lambda _: platform.templates(), range(20)))
    asked_besides = 1
    assert len(connections) <= 20 + asked_besides


def test_nothing_of_the_machine_goes_along(wechat, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    gateway(wechat.base).templates()
    sent = {name.lower() for call in wechat.calls() for name in call["headers"]}
    assert "user-agent" in sent
    assert "authorization" not in sent


def test_a_connection_that_lay_idle_is_not_used_again(wechat, connections):
    platform = client(wechat.base, Patience(connect=10, read=20, total=40, idle=0))
    for _ in range(3):
        platform.ask_with_token(Call.TEMPLATES, "get", "wxaapi/newtmpl/gettemplate")
    assert len(connections) == 1 + 3


def test_what_the_caller_hands_in_stays_as_it_was(wechat):
    words = {"code": wechat.phone_code(wechat.make_user(PHONE))}
    platform = client(wechat.base)
    platform.ask_with_token(Call.PHONE, "post", "wxa/business/getuserphonenumber", data=words)
    assert list(words) == ["code"]
    message = message_to(consenting(wechat))
    before = dict(message.fields)
    gateway(wechat.base).send(message)
    assert message.fields == before


def test_a_body_is_utf_8_as_it_stands(wechat):
    gateway(wechat.base).send(message_to(consenting(wechat)))
    [call] = wechat.calls("subscribe/send")
    assert HINT in call["body"]
    assert "\\u" not in call["body"]


def test_a_token_is_asked_for_as_the_stable_one_and_not_by_force(wechat):
    gateway(wechat.base).templates()
    [call] = wechat.calls("stable_token")
    assert call["method"] == "POST"
    assert not call["query"]
    assert '"force_refresh": false' in call["body"]
