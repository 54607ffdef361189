"""Sealed values: which cipher and key, what older formats and other keys do, what is not opened."""

import hashlib
import hmac
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import DomainError
from app.sealing import AES_GCM, HEADER_BYTES, SM4_GCM, SM4GCM, Ring, Sealer, Unsealable, key_id

LOOKUP = b"l" * 32
OLD, NEW, LOST = b"o" * 32, b"n" * 32, b"x" * 32
COLUMN = "enterprises.contact_phone"
TEXT = "13800001234 王芳"


def sealer(*keys: bytes, method: str = AES_GCM) -> Sealer:
    return Sealer(Ring(keys[0], LOOKUP, keys[1:], method))


def of_version_1(key: bytes) -> bytes:
    """As the product sealed before values named their key."""
    nonce = os.urandom(12)
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, TEXT.encode(), COLUMN.encode())


def test_sm4_is_that_of_rfc_8998():
    beside = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([byte]) * 8 for byte in b"\xaa\xbb\xcc\xdd\xee\xff\xee\xaa")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    cipher = SM4GCM(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    sealed = cipher.encrypt(nonce, plain, beside)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.decrypt(nonce, sealed, beside) == plain


@pytest.mark.parametrize("method", [AES_GCM, SM4_GCM])
def test_what_is_sealed_opens_and_tells_nothing(method):
    ours = sealer(NEW, method=method)
    sealed = ours.seal(TEXT, COLUMN)
    assert ours.unseal(sealed, COLUMN) == TEXT
    assert TEXT.encode() not in sealed
    assert sealed != ours.seal(TEXT, COLUMN)


@pytest.mark.parametrize(
    ("method", "version"), [(AES_GCM, 2), (SM4_GCM, 3)], ids=["AES-256-GCM", "SM4-GCM"]
)
def test_a_value_names_its_cipher_and_its_key(method, version):
    ours = sealer(NEW, OLD, method=method)
    assert ours.seal(TEXT, COLUMN)[:HEADER_BYTES] == bytes([version]) + key_id(NEW) == ours.header


@pytest.mark.parametrize("written", [AES_GCM, SM4_GCM])
@pytest.mark.parametrize("read", [AES_GCM, SM4_GCM])
def test_a_former_key_opens_whichever_cipher_it_was_used_with(written, read):
    sealed = sealer(OLD, method=written).seal(TEXT, COLUMN)
    assert sealer(NEW, OLD, method=read).unseal(sealed, COLUMN) == TEXT


@pytest.mark.parametrize("keys", [(OLD,), (NEW, OLD), (NEW, LOST, OLD)])
def test_values_from_before_there_were_ids_open(keys):
    assert sealer(*keys).unseal(of_version_1(OLD), COLUMN) == TEXT


@pytest.mark.parametrize("method", [AES_GCM, SM4_GCM])
@pytest.mark.parametrize("place", [0, 1, 5, 17, -1], ids=str)
def test_a_changed_value_does_not_open(method, place):
    ours = sealer(NEW, OLD, method=method)
    sealed = bytearray(ours.seal(TEXT, COLUMN))
    sealed[place] ^= 1
    with pytest.raises(Unsealable):
        ours.unseal(bytes(sealed), COLUMN)


@pytest.mark.parametrize("method", [AES_GCM, SM4_GCM])
def test_the_name_of_the_key_is_vouched_for(method):
    """Who can write to the database cannot pass off one key's value as another's."""
    ours, older = sealer(NEW, OLD, method=method), sealer(OLD, method=method)
    sealed = ours.seal(TEXT, COLUMN)
    with pytest.raises(Unsealable):
        ours.unseal(older.header + sealed[HEADER_BYTES:], COLUMN)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02", b"\x02" + key_id(NEW), b"plain text"])
def test_what_is_no_sealed_value_does_not_open(sealed):
    for method in (AES_GCM, SM4_GCM):
        with pytest.raises(Unsealable):
            sealer(NEW, method=method).unseal(sealed, COLUMN)


@pytest.mark.parametrize("method", [AES_GCM, SM4_GCM])
def test_a_value_in_another_column_or_under_a_lost_key_does_not_open(method):
    sealed = sealer(OLD, method=method).seal(TEXT, COLUMN)
    with pytest.raises(DomainError):
        sealer(OLD).unseal(sealed, "tickets.contact_phone")
    with pytest.raises(Unsealable):
        sealer(NEW, LOST).unseal(sealed, COLUMN)


def test_keys_are_32_bytes():
    for ring in (Ring(b"short", LOOKUP), Ring(NEW, b"short"), Ring(NEW, LOOKUP, (b"short",))):
        with pytest.raises(ValueError, match="32 bytes"):
            Sealer(ring)


@pytest.mark.parametrize("text", ["", "13800001234", "王芳", "a" * 200])
def test_a_fingerprint_is_hmac_sha_256_under_the_lookup_key(text):
    ours = sealer(NEW)
    wanted = hmac.digest(LOOKUP, text.encode(), hashlib.sha256)
    assert [ours.fingerprint(text), ours.fingerprint(text)] == [wanted, wanted]
