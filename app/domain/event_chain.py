"""The hash chain of a ticket's history: how an event is made and sealed onto the one before it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.actor import Actor
from app.domain.canonical import canonical
from app.domain.permissions import Permission as Act
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, Event
from app.domain.vocabulary import Status
from app.domain.written import WRITTEN, Left

GENESIS = bytes(32)
"""The hash before the first event."""

HASHED = (
    *("seq", "round", "action", "from_status", "to_status", "account_id", "actor_name", "role"),
    *("organisation_id", "ip", "at", "is_public", "facts"),
)
"""What the hash of an event covers, besides the number of its ticket."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Where the chain of a ticket stands before an event."""

    seq: int
    head: bytes
    status: Status | None
    round: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What an event is made of."""

    number: str
    action: Act
    effect: Effect
    actor: Actor
    moment: Moment

    def event(
        self, *, previous: Previous, status: Status, is_public: bool, left: Sequence[Left]
    ) -> Event:
        """The event after `previous`, with its hash; `left` are the digests of what it writes."""
        unsealed = Event(
            seq=previous.seq + 1,
            round=previous.round,
            action=self.action,
            from_status=previous.status,
            to_status=status,
            actor=self.actor,
            at=self.moment.at,
            is_public=is_public,
            facts=self._facts() | {WRITTEN: [*map(list, left)]},
            hash=b"",
        )
        row = unsealed.row()
        body = {"number": self.number} | {name: row[name] for name in HASHED}
        return replace(unsealed, hash=event_hash(previous.head, body))

    def _facts(self) -> dict[str, Any]:
        """The effect's own facts, and what the deadlines are rebuilt from."""
        facts = dict(self.effect.facts)
        if self.effect.outcome is not None:
            facts["outcome"] = str(self.effect.outcome)
        if self.effect.moves:
            facts["clocks"] = [move.to_facts() for move in self.effect.moves]
            facts["calendar_version"] = self.moment.terms.calendar.version
            facts |= {"hours_area": area} if (area := self.moment.terms.calendar.area) else {}
        if self.effect.attachment_ids:
            facts["attachment_ids"] = list(self.effect.attachment_ids)
        return facts


def first_break(
    number: str, events: Iterable[Mapping[str, Any]], *, seq: int, head: bytes
) -> tuple[int, str] | None:
    """The first event (its place, and what is wrong) at which the history does not hold.

    `events` are rows in order, with all of `HASHED` and `hash`; `seq` and `head` are where the
    ticket itself says that its history ends. None when all is well.
    """
    last, hash_so_far = 0, GENESIS
    for place, event in enumerate(events, start=1):
        if event["seq"] != place:
            return place, "事件缺失"
        body = {"number": number} | {name: event[name] for name in HASHED}
        if event_hash(hash_so_far, body) != event["hash"]:
            return place, "内容与校验值不符"
        last, hash_so_far = place, event["hash"]
    if (last, hash_so_far) != (seq, head):
        return last + 1, "历史的末尾与诉求记录不符"
    return None


def event_hash(previous: bytes, body: Mapping[str, Any]) -> bytes:
    """SHA-256 over the hash before and the event in its canonical form."""
    return hashlib.sha256(previous + canonical(body).encode()).digest()
