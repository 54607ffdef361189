"""Cursors: what goes in comes out, and nothing else gets in."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.domain.keyset import CHECKSUM_BYTES, decode_cursor, encode_cursor
from app.domain.work_calendar import LOCAL_ZONE

DUE = datetime(2026, 11, 23, 9, tzinfo=LOCAL_ZONE)

values = st.lists(
    st.one_of(
        st.none(),
        st.integers(-(2**63), 2**63 - 1),
        st.text(st.characters(codec="utf-8"), max_size=40),
        st.datetimes(timezones=st.just(UTC)),
        st.dates(),
    ),
    max_size=4,
)


def refusal(cursor: str, order: str = "due") -> str:
    with pytest.raises(InvalidInput) as refused:
        decode_cursor(cursor, order)
    return refused.value.errors[0].pointer


@given(values)
def test_the_sort_values_come_back(position):
    assert decode_cursor(encode_cursor("due", position), "due") == position


def test_a_cursor_goes_into_an_address_unchanged():
    assert set(encode_cursor("name", ["鞍山?&=+/", 7])) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


def test_a_cursor_of_another_order_is_refused():
    assert refusal(encode_cursor("due", [DUE, 7]), "name") == "/cursor"


@pytest.mark.parametrize("text", ["x", "%%%", "鞍山", "AAAA", "A" * 40, "=", "e30", "-_-_-_-_-_"])
def test_what_is_none_of_ours_is_refused(text):
    assert refusal(text) == "/cursor"


def test_every_changed_letter_is_noticed():
    cursor = encode_cursor("due", [DUE, 7])
    for place, letter in enumerate(cursor[:-1]):
        changed = cursor[:place] + ("B" if letter == "A" else "A") + cursor[place + 1 :]
        assert refusal(changed) == "/cursor"


def test_a_shortened_cursor_is_refused():
    cursor = encode_cursor("due", [DUE, 7])
    for length in range(len(cursor) - 1):
        assert refusal(cursor[:length]) == "/cursor"


@pytest.mark.parametrize(
    "position",
    [b"[]", b"{}", b"7", b'["due", true]', b'["due", {}]', b'["due", {"at": 7}]', b"\xff"],
)
def test_well_framed_nonsense_is_refused(position):
    framed = hashlib.sha256(position).digest()[:CHECKSUM_BYTES] + position
    assert refusal(base64.urlsafe_b64encode(framed).decode()) == "/cursor"
