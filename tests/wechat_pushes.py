"""Pushes as the platform sends them, signed and sealed, with every part open to change."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.applications import CALLBACK_KEY, CALLBACK_TOKEN
from tests.factories import MONDAY
from tests.wechat import APPID

OPENID, TEMPLATE_ID, MESSAGE_ID = f"oPushed{1:021d}", "template-todo", "1001"
NONCE = "1514711492"
ACCOUNT = "gh_97417a04a28d"


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def report(code: Any = "0", template_id: str = TEMPLATE_ID, message_id: Any = MESSAGE_ID) -> Any:
    """One entry of a sent event."""
    status = "success" if str(code) == "0" else "fail"
    return {
        "TemplateId": template_id,
        "MsgID": message_id,
        "ErrorCode": code,
        "ErrorStatus": status,
    }


def event(name: str = "subscribe_msg_sent_event", **changes: Any) -> dict[str, Any]:
    """An event about `OPENID`, as JSON has it; a sent event needs its List in `changes`."""
    known = {
        "ToUserName": ACCOUNT,
        "FromUserName": OPENID,
        "CreateTime": int(MONDAY.timestamp()),
        "MsgType": "event",
        "Event": name,
    }
    return known | changes


NESTS = {
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
}


def in_xml(message: dict[str, Any]) -> str:
    """The same event as XML has it: the list stands one level down."""
    flat = {name: value for name, value in message.items() if name != "List"}
    if "List" in message:
        flat[NESTS[message["Event"]]] = {"List": message["List"]}
    return xmltodict.unparse({"xml": flat}, full_document=False)


@dataclass(frozen=True)
class Request:
    """What is posted."""

    query: dict[str, str]
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Sender:
    """The platform, or somebody who would be taken for it."""

    token: str = CALLBACK_TOKEN
    key: str = CALLBACK_KEY
    appid: str = APPID

    def greeting(self, at: datetime, echostr: str = "4375120948345356249") -> dict[str, str]:
        """The query by which an address is checked."""
        return self._signed(at) | {"echostr": echostr}

    def push(self, message: dict[str, Any] | str, at: datetime, *, xml: bool = False) -> Request:
        """The message in its envelope."""
        text = message if isinstance(message, str) else json.dumps(message)
        if xml and not isinstance(message, str):
            text = in_xml(message)
        return self.envelope(self.encrypted(text), at, xml=xml)

    def encrypted(self, text: str) -> str:
        key = WeChatCrypto(self.token, self.key, self.appid).key
        return PrpCrypto(key).encrypt(text, self.appid).decode()

    def envelope(self, cipher: Any, at: datetime, *, xml: bool = False) -> Request:
        """An envelope around any cipher, signed as far as it is text."""
        outer = {"ToUserName": ACCOUNT, "Encrypt": cipher}
        query = self._signed(at) | {"openid": OPENID, "encrypt_type": "aes"}
        query["msg_signature"] = signature(self.token, query["timestamp"], NONCE, str(cipher))
        if xml:
            body = xmltodict.unparse({"xml": outer}, full_document=False)
            return Request(query, body.encode(), "text/xml")
        return Request(query, json.dumps(outer).encode())

    def _signed(self, at: datetime) -> dict[str, str]:
        timestamp = str(int(at.timestamp()))
        signed = signature(self.token, timestamp, NONCE)
        return {"timestamp": timestamp, "nonce": NONCE, "signature": signed}
