"""查电话: finding by a mobile number, or its last four digits, what is stored sealed."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.register import mobile
from app.sealing import fingerprint

_TAIL = re.compile(r"[0-9]{4}")


def phone_is(
    q: str, whole: InstrumentedAttribute[bytes], tail: InstrumentedAttribute[bytes]
) -> sa.ColumnElement[bool]:
    """Whether `q` is the number behind the hash columns `whole` and `tail`; false for other text.

    A whole mobile number is compared exactly, four digits with the last four. Nothing in between
    can be found, which is what sealing is for.
    """
    number = mobile(q)
    if number is not None:
        return whole == fingerprint(number)
    if _TAIL.fullmatch(q):
        return tail == fingerprint(q)
    return sa.false()
