"""What an event wrote, in short: a digest of every value and record, sealed into its facts.

The chain vouches for the events; through these digests it vouches for the rows they wrote, so that
a row which was changed behind the product's back differs from what the last event that wrote it
says. Clocks need none: they are rebuilt from the moves.
"""

import hashlib
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

from app.domain import ticket_records as records
from app.domain.canonical import canonical
from app.domain.sla_clock import Clock

WRITTEN = "written"
"""The fact under which an event keeps its digests."""

TICKET = "tickets"
DIGEST_BYTES = 12

_OF_LATENESS = ("round", "clock", "organisation_id")

KEYS: Mapping[type[Any], tuple[str, ...]] = {
    records.Assignment: ("round", "organisation_id"),
    records.Reply: ("round",),
    records.SupplementRequest: ("attempt",),
    records.Revisit: ("round",),
    records.RevisitAttempt: ("round", "attempt"),
    records.RevisitLot: ("round",),
    records.Evaluation: ("round",),
    records.Matter: ("seq",),
    records.RoutingRule: ("seq",),
    records.Card: (*_OF_LATENESS, "rung", "due_at"),
    records.ProposedOrder: (*_OF_LATENESS, "proposed_at"),
    records.BulletinEntry: (*_OF_LATENESS, "due_at"),
}
"""By what a record of each kind is told from the others of its ticket."""


class Left(NamedTuple):
    """What an event left under a name: `tickets.level`, `Assignment/1/11`."""

    name: str
    digest: str


def left_by(values: Mapping[str, Any], put: Iterable[records.Record]) -> list[Left]:
    """The digests of the ticket's own `values` and of the records `put`, clocks left out."""
    return [Left(name, digest(text)) for name, text in texts_of(values, put).items()]


def texts_of(values: Mapping[str, Any], put: Iterable[records.Record]) -> dict[str, str]:
    """What is digested, by its names."""
    own = {f"{TICKET}.{name}": canonical(value) for name, value in values.items()}
    rows = (one for one in put if not isinstance(one, Clock))
    return own | {name_of(one): canonical(_filled(one)) for one in rows}


def name_of(record: Any) -> str:
    """Under which name an event tells of a record: `Assignment/1/11`."""
    kind = type(record)
    return "/".join(
        (kind.__name__, *(canonical(getattr(record, name)).strip('"') for name in KEYS[kind]))
    )


def _filled(record: Any) -> dict[str, Any]:
    """What differs from a record that was left empty.

    A column that is added later, empty in all old rows, changes no digest.
    """
    told = ((one.name, getattr(record, one.name), one.default) for one in fields(record))
    return {name: value for name, value, empty in told if empty is MISSING or value != empty}


def digest(text: str) -> str:
    """96 bits of the SHA-256 of a canonical text, in Base64."""
    full = hashlib.sha256(text.encode()).digest()
    return b64encode(full[:DIGEST_BYTES]).decode()


def last_written(events: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, str]]:
    """For every name, the last event (its seq) that wrote it, and the digest it left."""
    return {
        name: (event["seq"], digest_left)
        for event in events
        for name, digest_left in event["facts"].get(WRITTEN, ())
    }


def unexplained(
    events: Sequence[Mapping[str, Any]],
    stored: Mapping[str, str],
    *,
    changed_otherwise: Collection[str] = (),
) -> Iterator[tuple[int, str]]:
    """What of `stored` (digests by name, of a ticket as it stands) no event accounts for.

    Each with the event that wrote it last, or the last of all for a record that none wrote.
    `changed_otherwise` are names that have changed with good reason besides the events. Histories
    from before there were digests account for what was written since.
    """
    told = last_written(events)
    for name, (seq, digest_left) in told.items():
        if name in changed_otherwise:
            continue
        if name not in stored:
            yield seq, f"{name} 已不存在"
        elif stored[name] != digest_left:
            yield seq, f"{name} 与事件所记不符"
    if events and WRITTEN in events[0]["facts"]:
        for name in sorted(stored.keys() - told.keys()):
            if not name.startswith(f"{TICKET}."):
                yield events[-1]["seq"], f"{name} 没有事件记载"
