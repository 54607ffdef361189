"""Whether the histories still are what was written, and the rows what the histories say.

Every hash chain is computed anew; the rows are compared with the digests that the events left of
them, the clocks with those that the events give.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.event_chain import first_break
from app.domain.permissions import Permission
from app.domain.sla_clock import Clock
from app.domain.standing import contradicted
from app.domain.written import TICKET, digest, texts_of, unexplained
from app.models.columns import SealedText
from app.models.ticket import Ticket
from services.tickets.deadline_audit import differences
from services.tickets.decode import decode
from services.tickets.write import KEYS

CHUNK = 100

_OWN = [
    column.name for column in Ticket.__table__.columns if not isinstance(column.type, SealedText)
]
_RECORDS = {kind: table.name for kind, (table, _) in KEYS.items()}
_ROWS = ", ".join(
    f"(SELECT json_agg(r) FROM {table} r WHERE r.ticket_id = t.id) AS {table}"
    for table in _RECORDS.values()
)
_TICKETS = sa.text(
    f"SELECT {', '.join(f't.{name}' for name in _OWN)}, {_ROWS},"
    " (SELECT json_agg(e ORDER BY e.seq) FROM ticket_events e WHERE e.ticket_id = t.id) AS events,"
    " (SELECT json_agg(json_build_object('id', a.id, 'seq', a.event_seq, 'size', a.size,"
    "  'sha256', encode(a.sha256, 'hex'), 'is_purged', a.purged_at IS NOT NULL)) FROM attachments a"
    "  WHERE a.ticket_id = t.id) AS files,"
    " EXISTS (SELECT FROM recoded_tickets r WHERE r.ticket_id = t.id) AS is_recoded,"
    " (SELECT max(id) FROM sla_policies) AS newest_policy"
    " FROM tickets t WHERE t.id > :after ORDER BY t.id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one ticket's history: the first event that does not hold, if any."""

    number: str
    broken_seq: int | None = None
    reason: str | None = None


def verify_histories() -> Iterator[Verdict]:
    """A verdict on every ticket, in the order of their ids.

    Each is read with all that belongs to it in one statement: whoever works meanwhile breaks
    nothing.
    """
    last = 0
    while rows := db.session.execute(_TICKETS, {"after": last, "limit": CHUNK}).mappings().all():
        for row in rows:
            yield _verdict(row)
        last = rows[-1]["id"]


def _verdict(row: Mapping[Any, Any]) -> Verdict:
    """The earliest of all findings; behind a broken chain no event can be asked."""
    events = [_event(event) for event in row["events"] or ()]
    broken = first_break(row["number"], events, seq=row["event_seq"], head=row["event_head"])
    found = broken or min(_findings(row, events), default=None)
    return Verdict(row["number"], *found) if found else Verdict(row["number"])


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **event,
        "at": datetime.fromisoformat(event["at"]),
        "hash": bytes.fromhex(event["hash"].removeprefix("\\x")),
    }


def _findings(
    row: Mapping[Any, Any], events: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    yield from unexplained(events, _stored(row), changed_otherwise=_changed_otherwise(row))
    yield from contradicted(events, row)
    yield from _clocks(row, events)
    yield from _files(row, events)
    yield from _purged(row, events)


def _changed_otherwise(row: Mapping[Any, Any]) -> frozenset[str]:
    """A ticket follows its area, and what it followed is kept with it."""
    return frozenset({f"{TICKET}.area_code"}) if row["is_recoded"] else frozenset()


def _stored(row: Mapping[Any, Any]) -> dict[str, str]:
    records = [
        decode(kind, one)
        for kind, table in _RECORDS.items()
        if kind is not Clock
        for one in row[table] or ()
    ]
    texts = texts_of({name: row[name] for name in _OWN}, records)
    return {name: digest(text) for name, text in texts.items()}


def _clocks(
    row: Mapping[Any, Any], events: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    moving = [event["seq"] for event in events if "clocks" in event["facts"]]
    raw = [event for event in row["events"] if "clocks" in event["facts"]]
    for difference in differences({**row, "events": raw, "clocks": row["sla_clocks"]}):
        yield max(moving, default=1), difference


def _files(
    row: Mapping[Any, Any], events: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    told = {
        (one, event["seq"]) for event in events for one in event["facts"].get("attachment_ids", ())
    }
    stored = {(one["id"], one["seq"]) for one in row["files"] or ()}
    for number, seq in told ^ stored:
        fault = "已不存在" if (number, seq) in told else "没有事件记载"
        yield seq or 1, f"附件 {number} {fault}"


def _purged(
    row: Mapping[Any, Any], events: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    """What was purged is what an event granted, and is still told as it was."""
    told = {
        file["id"]: (event["seq"], (file["size"], file["sha256"]))
        for event in events
        if event["action"] == Permission.RULE_PURGE and event["facts"]["granted"]
        for file in event["facts"]["files"]
    }
    for one in row["files"] or ():
        seq, kept = told.get(one["id"], (one["seq"], None))
        if one["is_purged"] != (one["id"] in told):
            yield seq or 1, f"附件 {one['id']} 的清除与事件所记不符"
        elif kept and kept != (one["size"], one["sha256"]):
            yield seq, f"附件 {one['id']} 与清除时所记不符"
