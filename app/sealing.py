"""Personal fields at rest: sealed with AES-256-GCM, found again through keyed hashes.

A sealed value is `version (1 byte) | nonce (12) | ciphertext and tag`; the name of the column is
authenticated with it, so that a value moved to another column does not open. Fingerprints are
HMAC-SHA-256 under a second key: equal text gives equal bytes, nothing else can be learned.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import DomainError

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class Unsealable(DomainError):
    """加密字段无法解开：密钥不符或内容被改动。"""

    code = "unsealable"


class Sealer:
    """The two keys of an installation."""

    def __init__(self, data_key: bytes, lookup_key: bytes) -> None:
        if len(data_key) != KEY_BYTES or len(lookup_key) != KEY_BYTES:
            raise ValueError("both keys are 32 bytes")
        self._cipher = AESGCM(data_key)
        self._lookup_key = lookup_key

    def seal(self, text: str, column: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), column.encode())

    def unseal(self, sealed: bytes, column: str) -> str:
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, ciphertext, column.encode()).decode()
        except InvalidTag:
            raise Unsealable from None

    def fingerprint(self, text: str) -> bytes:
        return hmac.digest(self._lookup_key, text.encode(), hashlib.sha256)


_sealer: list[Sealer] = []


def configure(sealer: Sealer) -> None:
    """Give the process its keys; called once by the factory."""
    _sealer[:] = [sealer]


def seal(text: str, column: str) -> bytes:
    """Seal `text` for `column` ("table.column")."""
    return _sealer[0].seal(text, column)


def unseal(sealed: bytes, column: str) -> str:
    """Open what `seal` made for the same column. Raises `Unsealable`."""
    return _sealer[0].unseal(sealed, column)


def fingerprint(text: str) -> bytes:
    """The keyed hash of `text`, for exact match (whole phone, last four digits)."""
    return _sealer[0].fingerprint(text)
