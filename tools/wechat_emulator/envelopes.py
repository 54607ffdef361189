"""What a push looks like on the wire: signed, and encrypted in safe mode (JSON)."""

import json
import secrets
import struct
from dataclasses import dataclass, field

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from tools.wechat_emulator.answers import Json, encoded

# What a broken reply makes the library raise.
UNREADABLE = (WeChatException, ValueError, KeyError, TypeError, struct.error)
STRANGER = "wxffffffffffffffff"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the mini-program's server hears events, and the secrets agreed on in the console."""

    url: str
    token: str = field(repr=False)
    key: str = field(repr=False)
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """One POST: the query and the body."""

    query: dict[str, str]
    body: bytes


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def signed_query(token: str, at: float) -> dict[str, str]:
    """signature, timestamp and nonce, as every request of the platform carries them."""
    timestamp, nonce = str(int(at)), str(secrets.randbelow(10**10))
    return {
        "signature": sign(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def seal(target: Target, appid: str, message: Json, at: float, fault: str = "") -> Envelope:
    """A message in its envelope, bent by a push fault if there is one."""
    query = signed_query(target.token, at) | {"openid": message["FromUserName"]}
    if fault == "push_plain":
        return Envelope(query, encoded(message))
    owner = STRANGER if fault == "push_wrong_appid" else appid
    text = encoded(message).decode()
    key = WeChatCrypto(target.token, target.key, appid).key
    encrypted = PrpCrypto(key).encrypt(text, owner).decode()
    signature = sign(target.token, query["timestamp"], query["nonce"], encrypted)
    if fault == "push_wrong_signature":
        signature = signature[::-1]
    query |= {"encrypt_type": "aes", "msg_signature": signature}
    return Envelope(query, encoded({"ToUserName": message["ToUserName"], "Encrypt": encrypted}))


def is_accepted(target: Target, appid: str, body: bytes) -> bool:
    """Whether an answer ends the pushing: `success`, nothing, or a valid encrypted reply."""
    if body.strip() in {b"", b"success"}:
        return True
    try:
        reply = json.loads(body)
        WeChatCrypto(target.token, target.key, appid).decrypt_message(
            reply, reply["MsgSignature"], str(reply["TimeStamp"]), str(reply["Nonce"])
        )
    except UNREADABLE:
        return False
    return True
