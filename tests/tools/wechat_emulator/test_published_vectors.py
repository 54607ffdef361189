"""What Tencent published about signatures and encryption: the emulator's envelopes obey it."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from wechatpy.crypto import PrpCrypto, WeChatCrypto, WeChatWxaCrypto
from wechatpy.utils import check_signature, check_wxa_signature

from tests.wechat import APPID
from tools.wechat_emulator.envelopes import Target, is_accepted, seal, sign

VECTORS = json.loads(Path("tests/data/wechat/vectors.json").read_text("utf-8"))["vectors"]
# Its key was never published.
UNVERIFIABLE = "checksession_official"
MESSAGE = {"ToUserName": "gh_0123456789ab", "FromUserName": "o-somebody", "Event": "试验"}


def of_kind(*kinds: str) -> list:
    return [pytest.param(it, id=it["id"]) for it in VECTORS if it["kind"] in kinds]


def test_every_vector_is_used_but_one():
    used = {
        "wxa_decrypt",
        "wxa_signature",
        "callback_signature",
        "msg_decrypt",
        "msg_encrypt",
        "wecom_echostr",
        "wecom_decrypt",
    }
    assert [it["id"] for it in VECTORS if it["kind"] not in used] == [UNVERIFIABLE]


@pytest.mark.parametrize("vector", of_kind("callback_signature"))
def test_signatures_of_callbacks(vector):
    parts = (vector["timestamp"], vector["nonce"])
    assert sign(vector["token"], *parts) == vector["signature"]
    check_signature(vector["token"], vector["signature"], *parts)


@pytest.mark.parametrize("vector", of_kind("msg_decrypt"))
def test_messages_in_safe_mode(vector):
    query, encrypted = vector["query"], vector["body"]["Encrypt"]
    stamp = (vector["token"], query["timestamp"], query["nonce"])
    assert sign(*stamp) == query["signature"]
    assert sign(*stamp, encrypted) == query["msg_signature"]
    crypto = WeChatCrypto(vector["token"], vector["encoding_aes_key"], vector["appid"])
    plain = crypto.decrypt_message(vector["body"], query["msg_signature"], *stamp[1:])
    assert plain == vector["expect_plaintext"]


class FixedRandom(PrpCrypto):
    """Encrypts with the sixteen letters that a vector was made with."""

    letters = ""

    def get_random_string(self) -> str:
        return self.letters


@pytest.mark.parametrize("vector", of_kind("msg_encrypt"))
def test_encrypted_replies(vector):
    crypto = FixedRandom(b64decode(vector["encoding_aes_key"] + "="))
    crypto.letters = vector["random16"]
    expected = vector["expect"]
    made = crypto.encrypt(vector["plaintext"], vector["appid"]).decode()
    assert made == expected["Encrypt"]
    stamp = {"TimeStamp": int(vector["timestamp"]), "Nonce": vector["nonce"]}
    target = Target("http://127.0.0.1/", vector["token"], vector["encoding_aes_key"])
    reply = {**expected, **stamp}
    assert is_accepted(target, vector["appid"], json.dumps(reply).encode())
    forged = {**reply, "MsgSignature": "0" * 40}
    assert not is_accepted(target, vector["appid"], json.dumps(forged).encode())
    assert not is_accepted(target, APPID, json.dumps(reply).encode())


@pytest.mark.parametrize("vector", of_kind("wecom_echostr", "wecom_decrypt"))
def test_the_same_envelopes_at_work(vector):
    query = vector.get("query", vector)
    body = vector.get("body", {"Encrypt": vector.get("echostr")})
    crypto = WeChatCrypto(vector["token"], vector["encoding_aes_key"], vector["corp_id"])
    plain = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    expected = vector.get("expect_contains") or [vector["expect"]]
    assert all(part in plain for part in expected)


@pytest.mark.parametrize("vector", of_kind("wxa_decrypt"))
def test_user_data_of_the_mini_program(vector):
    crypto = WeChatWxaCrypto(vector["session_key"], vector["iv"], vector["appid"])
    plain = crypto.decrypt_message(vector["encrypted_data"])
    assert {name: plain[name] for name in vector["expect"]} == vector["expect"]


@pytest.mark.parametrize("vector", of_kind("wxa_signature"))
def test_the_signature_of_raw_user_data(vector):
    expected = vector["signature"]
    assert sign(vector["raw_data"] + vector["session_key"]) == expected
    check_wxa_signature(vector["session_key"], vector["raw_data"], expected)


def test_what_the_emulator_seals_is_opened_with_the_agreed_key():
    target = Target("http://127.0.0.1/", "token", "a" * 42 + "A")
    envelope = seal(target, APPID, MESSAGE, 1_795_000_000)
    query, body = envelope.query, json.loads(envelope.body)
    assert query.keys() == {
        "signature",
        "timestamp",
        "nonce",
        "openid",
        "encrypt_type",
        "msg_signature",
    }
    crypto = WeChatCrypto("token", target.key, APPID)
    plain = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert json.loads(plain) == MESSAGE
    assert body["ToUserName"] == MESSAGE["ToUserName"]
    assert "试验" not in envelope.body.decode()
