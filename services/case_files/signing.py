"""The signature on a case file: whoever has the public key knows it from any other file.

A signature names its method, so that another one (SM2) can stand beside Ed25519 without a change of
what was signed before.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.canonical import canonical
from app.domain.errors import DomainError

ED25519 = "ed25519"
ID_CHARACTERS = 16


class SignatureBroken(DomainError):
    """案卷的签名不符：内容被改动，或不是由本系统签发。"""

    code = "signature-broken"


def sign(content: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """`content` with the signature over its canonical form. `key`: 32 bytes."""
    signature = Ed25519PrivateKey.from_private_bytes(key).sign(canonical(content).encode())
    return {
        "content": dict(content),
        "signature": {
            **public_key(key),
            "sha256": digest_of(content),
            "value": b64encode(signature).decode(),
        },
    }


def public_key(key: bytes) -> dict[str, str]:
    """What everybody may know of the key: its method, its id, its public half in Base64."""
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    return {
        "method": ED25519,
        "key_id": hashlib.sha256(public).hexdigest()[:ID_CHARACTERS],
        "public_key": b64encode(public).decode(),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, in hex digits, as the printed file shows it."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def check(signed: Any, public: str) -> None:
    """Raises `SignatureBroken` unless `signed` was signed by the owner of `public` (Base64)."""
    try:
        signature = signed["signature"]
        if signature["method"] != ED25519 or signature["sha256"] != digest_of(signed["content"]):
            raise SignatureBroken
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        key.verify(b64decode(signature["value"]), canonical(signed["content"]).encode())
    except (InvalidSignature, KeyError, TypeError, ValueError):
        raise SignatureBroken from None
