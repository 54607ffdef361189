"""Deadlines are a function of the events: rebuilt from them and compared with what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import ticket_flow
from app.domain.clock_moves import ClockKey
from app.domain.errors import DomainError
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla_clock import Clock
from app.domain.vocabulary import FINAL, Status
from services.tickets.decode import decode
from services.tickets.terms import calendar_of, ladders_of

CHUNK = 500

_OPEN_TICKETS = sa.text(
    "SELECT t.id, t.number, t.status, t.round,"
    " t.due_at, t.yellow_at, t.remaining_seconds, t.limit_unit, t.calendar_version, t.hours_area,"
    " (SELECT json_agg(json_build_object('round', e.round, 'at', e.at, 'facts', e.facts)"
    "  ORDER BY e.seq) FROM ticket_events e"
    "  WHERE e.ticket_id = t.id AND jsonb_exists(e.facts, 'clocks')) AS events,"
    " (SELECT json_agg(c) FROM sla_clocks c WHERE c.ticket_id = t.id) AS clocks,"
    " (SELECT max(id) FROM sla_policies) AS newest_policy"
    " FROM tickets t WHERE t.id > :after AND t.status <> ALL (:final) ORDER BY t.id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Drift:
    """A ticket whose stored deadlines are not those that its events give, and where."""

    number: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """So many open tickets, up to the one with the id `last`, and those that have drifted."""

    last: int
    checked: int
    drifts: tuple[Drift, ...]


def audit_after(last: int) -> Audit:
    """The next open tickets after the id `last`; `checked` is 0 when there are none left.

    Each is read with its events and clocks in one statement, so that nobody's change falls between.
    """
    parameters = {"after": last, "final": sorted(FINAL), "limit": CHUNK}
    rows = db.session.execute(_OPEN_TICKETS, parameters).mappings().all()
    drifts = [Drift(row["number"], tuple(differences(row))) for row in rows]
    return Audit(
        last=rows[-1]["id"] if rows else last,
        checked=len(rows),
        drifts=tuple(drift for drift in drifts if drift.differences),
    )


def differences(row: Mapping[Any, Any]) -> Iterator[str]:
    """How the stored clocks of a ticket, read as above, are not those that its events give."""
    try:
        ladders = ladders_of(row["newest_policy"])
        rebuilt = replay(_clock_events(row["events"] or ()), calendar_of, ladders)
    except (DomainError, LookupError, ValueError) as error:
        yield f"无法由事件重算：{error}"
        return
    stored = _by_key(row["clocks"] or ())
    for key in sorted(rebuilt.keys() | stored.keys(), key=repr):
        yield from _clock_differences(key, stored.get(key), rebuilt.get(key))
    leading = ticket_flow.leading(rebuilt, Status(row["status"]), row["round"])
    yield from _unequal("tickets", row, ticket_flow.shown(leading))


def _clock_events(events: Any) -> list[ClockEvent]:
    return [
        ClockEvent(
            round=event["round"],
            at=datetime.fromisoformat(event["at"]),
            calendar=calendar_of(
                event["facts"]["calendar_version"], event["facts"].get("hours_area", "")
            ),
            moves=moves_in(event["facts"]),
        )
        for event in events
    ]


def _by_key(rows: Any) -> dict[ClockKey, Clock]:
    clocks = [decode(Clock, row) for row in rows]
    return {(clock.round, clock.kind, clock.organisation_id): clock for clock in clocks}


def _clock_differences(key: ClockKey, stored: Clock | None, rebuilt: Clock | None) -> Iterator[str]:
    in_round, kind, unit = key
    name = f"{kind}/{in_round}" + (f"/{unit}" if unit else "")
    if stored is None or rebuilt is None:
        yield f"{name}：{'缺少' if stored is None else '多出'}"
        return
    if stored.remind_at is None:
        # Begun before there were reminders: its events give a time for one now, and did not then.
        # Such a clock reminds of nothing; whether it did remind is compared like the rest.
        rebuilt = replace(rebuilt, remind_at=None)
    if stored.nudge_at is None and not stored.late_ats:
        # The same of a clock begun before the ladder had more than three rungs.
        rebuilt = replace(rebuilt, nudge_at=None, late_ats=(), climb_at=None)
    yield from _unequal(name, asdict(stored), asdict(rebuilt))


def _unequal(name: str, stored: Mapping[Any, Any], rebuilt: Mapping[str, Any]) -> Iterator[str]:
    for field, value in rebuilt.items():
        if stored[field] != value:
            yield f"{name}.{field}：存储 {stored[field]}，重算 {value}"
