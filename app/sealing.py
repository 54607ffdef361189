"""Personal fields at rest: sealed with AES-256-GCM or SM4-GCM, found again through keyed hashes.

A sealed value is `version (1 byte) | key id (4) | nonce (12) | ciphertext and tag`. The version
says which cipher; the id says which key, so that several keys are readable while one writes. Both
and the name of the column are authenticated: a value moved to another column does not open. Values
of version 1, from before there were ids, bear none: every key is tried. Fingerprints are
HMAC-SHA-256 under a key of their own: equal text gives equal bytes, nothing else can be learned.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import DomainError

WITHOUT_ID = 1
AES_GCM, SM4_GCM = "aes-256-gcm", "sm4-gcm"
VERSIONS = {2: AES_GCM, 3: SM4_GCM}
ID_BYTES = 4
HEADER_BYTES = 1 + ID_BYTES
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
SM4_KEY_BYTES = 16


class Unsealable(DomainError):
    """加密字段无法解开：密钥不符或内容被改动。"""

    code = "unsealable"


class Authenticated(Protocol):
    """A cipher that also vouches for what stands beside the text."""

    def encrypt(self, nonce: bytes, plain: bytes, beside: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, sealed: bytes, beside: bytes) -> bytes: ...


class Hash(Protocol):
    """A hash that is being made."""

    def copy(self) -> "Hash": ...

    def update(self, text: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class SM4GCM:
    """SM4 (GB/T 32907) in GCM, with the calls of `AESGCM`. Source: RFC 8998."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, plain: bytes, beside: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(beside)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: bytes, beside: bytes) -> bytes:
        if len(sealed) < TAG_BYTES:
            raise InvalidTag
        text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(beside)
        return decryptor.update(text) + decryptor.finalize()


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of an installation: `data_key` writes, those of `older` only open."""

    data_key: bytes
    lookup_key: bytes
    older: Sequence[bytes] = ()
    method: str = AES_GCM


class Sealer:
    """Seals with one key and opens with all of the ring."""

    def __init__(self, ring: Ring) -> None:
        keys = (ring.data_key, *ring.older)
        if any(len(key) != KEY_BYTES for key in (*keys, ring.lookup_key)):
            raise ValueError("every key is 32 bytes")
        self._ciphers = {
            _header(version, key): _cipher(method, key)
            for key in keys
            for version, method in VERSIONS.items()
        }
        self._of_no_id: list[Authenticated] = [AESGCM(key) for key in keys]
        version = next(version for version, method in VERSIONS.items() if method == ring.method)
        self.header = _header(version, ring.data_key)
        self._inner, self._outer = _hmac_states(ring.lookup_key)

    def seal(self, text: str, column: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        beside = self.header + column.encode()
        return (
            self.header + nonce + self._ciphers[self.header].encrypt(nonce, text.encode(), beside)
        )

    def unseal(self, sealed: bytes, column: str) -> str:
        if sealed[:1] == bytes([WITHOUT_ID]):
            return self._first_opened(sealed[1:], column.encode())
        header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        cipher = self._ciphers.get(header)
        if cipher is None:
            raise Unsealable
        return _opened(cipher, rest, header + column.encode())

    def fingerprint(self, text: str) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.digest()

    def knows(self, header: bytes) -> bool:
        return header in self._ciphers

    def _first_opened(self, rest: bytes, beside: bytes) -> str:
        for cipher in self._of_no_id[:-1]:
            try:
                return _opened(cipher, rest, beside)
            except Unsealable:
                continue
        return _opened(self._of_no_id[-1], rest, beside)


def key_id(key: bytes) -> bytes:
    """What a key is called in the values that it sealed: nobody numbers keys, nobody misnumbers."""
    return hmac.digest(key, b"guanjia key id", hashlib.sha256)[:ID_BYTES]


def _hmac_states(key: bytes) -> tuple[Hash, Hash]:
    """SHA-256 as HMAC begins it within and without: made once, it halves the time of each."""
    block = key.ljust(hashlib.sha256().block_size, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in block)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in block)),
    )


def _header(version: int, key: bytes) -> bytes:
    return bytes([version]) + key_id(key)


def _cipher(method: str, key: bytes) -> Authenticated:
    if method == AES_GCM:
        return AESGCM(key)
    return SM4GCM(HKDF(SM3(), SM4_KEY_BYTES, None, b"guanjia sm4-gcm").derive(key))


def _opened(cipher: Authenticated, rest: bytes, beside: bytes) -> str:
    try:
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], beside).decode()
    except (InvalidTag, ValueError):
        raise Unsealable from None


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


def writing_header() -> bytes:
    """How every value begins that the process seals now; others wait for `flask rotate-keys`."""
    return _sealer[0].header


def is_readable(header: bytes) -> bool:
    """Whether the process has the key of values that begin with `header`, or they name none."""
    return header == bytes([WITHOUT_ID]) or _sealer[0].knows(header)


def fingerprint(text: str) -> bytes:
    """The keyed hash of `text`, for exact match (whole phone, last four digits)."""
    return _sealer[0].fingerprint(text)
