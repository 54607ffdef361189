"""A life as a stamp: the lines that COPY takes, with places for what differs between tickets.

The hash of an event covers its ticket's number and people, so it is made anew for every ticket, in
the product's own canonical form; so are the digests of what the event wrote.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from app.domain.canonical import canonical
from app.domain.event_chain import GENESIS, HASHED
from app.domain.ticket_state import Change, Event
from app.domain.written import WRITTEN, digest, texts_of
from app.models.audit_entry import AuditEntry
from app.models.notification import Notification
from app.models.operation import IdempotencyKey
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from app.models.ticket_words import TicketWords
from bench import copy_text
from bench.cast import NUMBER, as_pattern, slot, text
from bench.lives import Life
from bench.recipients import recipients
from services.tickets.write import KEYS

READ_AFTER = timedelta(hours=5)
"""When a message is opened."""
ANSWERS_KEPT = timedelta(hours=24)

Row = Mapping[str, Any]

_FOUND_BY = {
    "ticket_id": slot("ticket_id"),
    "area_code": text("area"),
    "words": [text("words")],
}

TICKETS: Any = Ticket.__table__
EVENTS: Any = TicketEvent.__table__
TABLES: tuple[Any, ...] = (
    *(TICKETS, EVENTS),
    *(table for table, _ in KEYS.values()),
    *(TicketWords.__table__, Notification.__table__),
    *(AuditEntry.__table__, IdempotencyKey.__table__),
)
"""What belongs to tickets, in the order in which rows refer to each other."""


def columns_of(table: Any) -> list[str]:
    """The columns that are copied: all but the ids that the database gives."""
    is_given = table is TICKETS
    return [column.name for column in table.columns if is_given or column.name != "id"]


@dataclass(frozen=True, slots=True)
class StampedEvent:
    """What the hash of an event covers, its line, and what its digests are made of."""

    covered: str
    line: str
    left: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Patterns of all rows of one life."""

    began: datetime
    status: str
    ticket: str
    events: tuple[StampedEvent, ...]
    lines: Mapping[str, str]

    def print_into(self, lines: Mapping[str, list[str]], values: dict[str, Any]) -> None:
        """Append this life's rows, told of the ticket that `values` describes."""
        head = GENESIS
        for event in self.events:
            values |= {name: digest(text % values) for name, text in event.left.items()}
            head = hashlib.sha256(head + (event.covered % values).encode()).digest()
            values["hash"] = head.hex()
            lines[EVENTS.name].append(event.line % values)
        values["head"] = values["hash"]
        lines[TICKETS.name].append(self.ticket % values)
        for table, pattern in self.lines.items():
            lines[table].append(pattern % values)


def stamp_of(life: Life, *, at: datetime) -> Stamp:
    """The stamp of a life as it stands at `at`."""
    events = [deed.change.event for deed in life.deeds]
    patterns = {
        table.name: _pattern(table, _records(life, kind)) for kind, (table, _) in KEYS.items()
    }
    patterns[TicketWords.__tablename__] = _pattern(TicketWords.__table__, [_FOUND_BY])
    patterns[Notification.__tablename__] = _pattern(Notification.__table__, _messages(life, at))
    patterns[AuditEntry.__tablename__] = _pattern(AuditEntry.__table__, map(_audited, events))
    patterns[IdempotencyKey.__tablename__] = _pattern(IdempotencyKey.__table__, _answers(life, at))
    ticket = life.values | {"id": slot("ticket_id"), "event_head": slot("head")}
    return Stamp(
        began=life.began,
        status=str(life.state.status),
        ticket=_pattern(TICKETS, [ticket]),
        events=tuple(_stamped(deed.change) for deed in life.deeds),
        lines={table: pattern for table, pattern in patterns.items() if pattern},
    )


def _pattern(table: Any, rows: Iterable[Row]) -> str:
    return as_pattern(copy_text.lines(table, columns_of(table), rows))


def _records(life: Life, kind: type[Any]) -> Iterator[Row]:
    for record in life.records():
        if type(record) is kind:
            row = {one.name: getattr(record, one.name) for one in fields(kind)}
            yield row | {"ticket_id": slot("ticket_id")}


def _stamped(change: Change) -> StampedEvent:
    texts = texts_of(change.values, change.records)
    names = [name for name, _ in change.event.facts[WRITTEN]]
    marks = {f"left_{place}": name for place, name in enumerate(names)}
    places = [[name, f"⟪{mark}⟫"] for mark, name in marks.items()]
    row = change.event.row()
    row["facts"] = {**row["facts"], WRITTEN: places}
    return StampedEvent(
        covered=as_pattern(canonical({"number": NUMBER} | {name: row[name] for name in HASHED})),
        line=_pattern(EVENTS, [{**row, **_beside(change.event)}]),
        left={mark: as_pattern(texts[name]) for mark, name in marks.items()},
    )


def _beside(event: Event) -> Row:
    return {"ticket_id": slot("ticket_id"), "recorded_at": event.at, "hash": slot("hash")}


def _messages(life: Life, at: datetime) -> Iterator[Row]:
    for deed in life.deeds:
        event = deed.change.event
        opened = event.at + READ_AFTER
        for part, notice in recipients(deed.change, deed.notices):
            yield {
                "ticket_id": slot("ticket_id"),
                "event_seq": event.seq,
                "account_id": slot(part),
                "channel": "inbox",
                "kind": notice.kind,
                "title": notice.title,
                "body": notice.body,
                "membership_id": slot(f"{part}_seat"),
                "template": notice.template,
                "fields": notice.fields,
                "created_at": event.at,
                "read_at": opened if opened < at else None,
            }


def _audited(event: Event) -> Row:
    return {
        "at": event.at,
        "account_id": event.actor.account_id,
        "role": event.actor.role,
        "action": event.action,
        "subject": f"ticket:{NUMBER}",
        "ip": event.actor.ip,
        "result": "ok",
        "facts": {},
    }


def _answers(life: Life, at: datetime) -> Iterator[Row]:
    """The answer to the submission, as long as it is kept."""
    if at - life.began >= ANSWERS_KEPT:
        return
    shown = ("title", "body", "kind", "channel", "area_code", "category_code")
    body = {"number": NUMBER, "status": "submitted", "version": 1}
    yield {
        "account_id": slot("applicant"),
        "method": "POST",
        "path": "/api/v1/tickets",
        "key": f"key-of-{NUMBER}",
        "request_hash": GENESIS,
        "status": 201,
        "headers": {
            "ETag": '"1"',
            "Location": f"/api/v1/tickets/{NUMBER}",
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
        },
        "body": json.dumps(body | {name: life.values[name] for name in shown}, ensure_ascii=False),
        "created_at": life.began,
    }
