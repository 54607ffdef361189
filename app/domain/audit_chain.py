"""The hash chain of the audit: how an entry is sealed onto the one before it, and verified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.event_chain import GENESIS, event_hash

__all__ = ["GENESIS", "SEALED", "Break", "Link", "first_break", "sealed_onto"]

SEALED = ("id", "at", "account_id", "role", "action", "subject", "ip", "result", "facts")
"""What the hash of an entry covers, besides its place in the chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain and the hash there. The first entry follows (0, GENESIS)."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the chain does not hold. `entry_id`: None where it is missing."""

    seq: int
    entry_id: int | None
    reason: str


def sealed_onto(before: Link, entry: Mapping[str, Any]) -> Link:
    """The link of `entry`, which has all of `SEALED`, behind `before`."""
    seq = before.seq + 1
    body = {"seq": seq} | {name: entry[name] for name in SEALED}
    return Link(seq, event_hash(before.hash, body))


def first_break(entries: Iterable[Mapping[str, Any]], before: Link) -> Link | Break:
    """Where the chain stands after `entries`, which follow `before`, or where it breaks.

    `entries` have all of `SEALED`, and `seal_seq` and `seal_hash`, in the order of the former.
    """
    last = before
    for entry in entries:
        expected = sealed_onto(last, entry)
        if entry["seal_seq"] != expected.seq:
            return Break(expected.seq, None, "记录缺失")
        if entry["seal_hash"] != expected.hash:
            return Break(expected.seq, entry["id"], "内容与校验值不符")
        last = expected
    return last
