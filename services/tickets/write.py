"""Putting a `Change` down: every row of it in one statement. Nothing else writes these tables.

Rows travel as JSON and are spread by `jsonb_to_record[set]`. The statement holds a part for each
kind of row that the change has, and is prepared once for each such shape.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.db import db
from app.domain import ticket_records as records
from app.domain import written
from app.domain.errors import AlreadyExists
from app.domain.sla_clock import Clock
from app.domain.ticket_state import Change, TicketState
from app.models.assignment import Assignment
from app.models.evaluation import Evaluation
from app.models.matter import Matter
from app.models.reply import Reply
from app.models.revisit import Revisit, RevisitAttempt
from app.models.revisit_lot import RevisitLot
from app.models.routing_rule import RoutingRule
from app.models.sla import SlaClock
from app.models.supervision import BulletinEntry, Card, SupervisionOrder
from app.models.supplement_request import SupplementRequest
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from app.prepared import Prepared
from services.notifications.announce import Notice
from services.notifications.recipients import INSIST, RECIPIENTS, WAYS
from services.tickets.handed_in import INTEND_CHECKS, LINK_ATTACHMENTS, check_values, is_checked
from services.tickets.purging import PURGE_FILES, purge_values

_MODELS = {
    records.Assignment: Assignment,
    records.Reply: Reply,
    records.SupplementRequest: SupplementRequest,
    records.Revisit: Revisit,
    records.RevisitAttempt: RevisitAttempt,
    records.RevisitLot: RevisitLot,
    records.Evaluation: Evaluation,
    records.Matter: Matter,
    records.Card: Card,
    records.ProposedOrder: SupervisionOrder,
    records.BulletinEntry: BulletinEntry,
    records.RoutingRule: RoutingRule,
}
KEYS: dict[type[Any], tuple[Any, tuple[str, ...]]] = {
    **{kind: (one.__table__, ("ticket_id", *written.KEYS[kind])) for kind, one in _MODELS.items()},
    Clock: (SlaClock.__table__, ("ticket_id", "round", "kind", "organisation_id")),
}
SHAPES_KEPT = 500


class Shape(NamedTuple):
    """What a change writes: which columns of the ticket, which kinds of records, what else."""

    is_new: bool
    columns: tuple[str, ...]
    kinds: tuple[type[Any], ...]
    has_files: bool
    has_notices: bool
    has_fallbacks: bool
    has_purge: bool
    has_checks: bool


@lru_cache(SHAPES_KEPT)
def _statement(shape: Shape) -> Prepared:
    ticket = _insert_ticket(shape.columns) if shape.is_new else _update_ticket(shape.columns)
    parts = [f"changed AS ({ticket})", f"event AS ({_insert_event()})"]
    if shape.is_new:
        parts.append(f"worded AS ({_INSERT_WORDS})")
    parts += [f"put_{KEYS[kind][0].name} AS ({_upsert(kind)})" for kind in shape.kinds]
    if shape.has_files:
        parts.append(f"linked AS ({LINK_ATTACHMENTS})")
    if shape.has_checks:
        parts.append(f"checked AS ({INTEND_CHECKS})")
    if shape.has_purge:
        parts.append(f"purged AS ({PURGE_FILES})")
    if shape.has_notices:
        parts += [
            f"recipients AS ({RECIPIENTS})",
            f"told AS ({_TELL})",
            f"phoned AS ({_PHONE})",
        ]
    if shape.has_fallbacks:
        parts.append(f"insisted AS ({INSIST})")
    parts.append(f"audited AS ({_AUDIT})")
    return Prepared(sa.text(f"WITH {', '.join(parts)} SELECT id FROM changed"))


def _spread(names: Iterable[str]) -> str:
    return ", ".join(f"r.{name}" for name in names)


def _typed(table: Any, names: Iterable[str]) -> str:
    """`r` with these columns, as they are in the table."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped there
    columns = (f"{name} {table.c[name].type.compile(dialect)}" for name in names)
    return f"AS r({', '.join(columns)})"


def _insert_ticket(names: Sequence[str]) -> str:
    return (
        f"INSERT INTO tickets ({', '.join(names)}) SELECT {_spread(names)}"
        f" FROM jsonb_to_record(CAST(:ticket AS jsonb)) {_typed(Ticket.__table__, names)}"
        " RETURNING id, number, area_code"
    )


def _update_ticket(names: Sequence[str]) -> str:
    return (
        f"UPDATE tickets t SET {', '.join(f'{name} = r.{name}' for name in names)}"
        f" FROM jsonb_to_record(CAST(:ticket AS jsonb)) {_typed(Ticket.__table__, names)}"
        " WHERE t.number = :number AND t.event_seq = :seq"
        " RETURNING t.id, t.number"
    )


def _insert_event() -> str:
    table = TicketEvent.__table__
    names = [one.name for one in table.columns if one.name not in ("ticket_id", "recorded_at")]
    return (
        f"INSERT INTO ticket_events (ticket_id, {', '.join(names)})"
        f" SELECT changed.id, {_spread(names)}"
        f" FROM changed, jsonb_to_record(CAST(:event AS jsonb)) {_typed(table, names)}"
        " RETURNING ticket_id"
    )


def _upsert(kind: type[Any]) -> str:
    table, key = KEYS[kind]
    names = [field.name for field in fields(kind)]
    updates = [name for name in names if name not in key]
    return (
        f"INSERT INTO {table.name} (ticket_id, {', '.join(names)})"
        f" SELECT changed.id, {_spread(names)}"
        f" FROM changed, jsonb_to_recordset(CAST(:{table.name} AS jsonb)) {_typed(table, names)}"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in updates)
    )


_INSERT_WORDS = (
    "INSERT INTO ticket_words (ticket_id, area_code, words)"
    " SELECT id, area_code, CAST(:words AS text[]) FROM changed"
)
_AUDIT = (
    "INSERT INTO audit_entries (account_id, role, action, subject, ip, facts)"
    " SELECT CAST(:account_id AS bigint), CAST(:role AS text), CAST(:action AS text),"
    " 'ticket:' || changed.number, CAST(:ip AS text), '{}'::jsonb FROM changed"
)
_TELL = """
INSERT INTO notifications
    (ticket_id, event_seq, account_id, channel, kind, title, body, membership_id, template, fields,
     created_at)
SELECT changed.id, CAST(:event_seq AS integer), r.account_id, 'inbox', r.kind, r.title, r.body,
    r.membership_id, r.template, r.fields, CAST(:at AS timestamptz)
FROM changed, recipients r
ON CONFLICT ON CONSTRAINT uq_notifications_once DO NOTHING
RETURNING id, account_id
"""
_PHONE = (
    "INSERT INTO deliveries (notification_id, binding_id, wecom_binding_id, template, rank,"
    f" send_at, expires_at, rings_always, hold) {WAYS}"
)


_RECODED = (
    " RETURNING t.id, t.area_code), found_by AS (UPDATE ticket_words w"
    " SET area_code = moved.area_code FROM moved WHERE w.ticket_id = moved.id)"
    " INSERT INTO recoded_tickets (ticket_id, change_id) SELECT id, :change_id FROM moved"
    " ON CONFLICT DO NOTHING RETURNING ticket_id"
)
_RECODE = sa.text(
    "WITH moved AS (UPDATE tickets t SET area_code = :new WHERE t.area_code = :old" + _RECODED
)
_RECODE_AFTER_SPLIT = sa.text(
    "WITH moved AS (UPDATE tickets t SET area_code = coalesce(e.managing_area_code, e.area_code)"
    " FROM enterprises e WHERE t.area_code = :old AND e.id = t.enterprise_id"
    " AND coalesce(e.managing_area_code, e.area_code) LIKE :within" + _RECODED
)


def write_new(
    change: Change,
    sealed: Mapping[str, bytes | None],
    words: Collection[str],
    notices: Sequence[Notice],
) -> int:
    """A new ticket with all that belongs to it, found by `words`. Returns its id."""
    values = {**change.values, **sealed}
    past = _past(values["complained_housekeeper_id"], values["complained_organisation_ids"])
    [created] = _written(change, values, notices, {"words": [*words]} | past)
    return int(created.id)


def write_change(state: TicketState, change: Change, notices: Sequence[Notice]) -> None:
    """A change of a locked ticket. Raises `AlreadyExists` if the row moved on without the lock."""
    expected = {"number": state.number, "seq": state.event_seq} | _past(
        state.complained_housekeeper_id, state.complained_organisation_ids
    )
    if not _written(change, change.values, notices, expected):
        raise AlreadyExists


def _past(housekeeper_id: int | None, unit_ids: Iterable[int]) -> dict[str, Any]:
    """Who hears nothing of the ticket: its people are those of a complaint."""
    return {"past_housekeeper": housekeeper_id, "past_units": list(unit_ids)}


def recode_tickets(old: str, new: str, change_id: int) -> int:
    """Tickets under the code of an ended area get that of its one successor; how many.

    Open and closed ones, so that whoever answers for the place now sees all of them; the change of
    areas is kept with each.
    """
    return _recoded(_RECODE, {"old": old, "new": new, "change_id": change_id})


def recode_after_split(old: str, prefix: str, change_id: int) -> int:
    """The same for a split area: where the ticket's enterprise is by now in the part `prefix`."""
    given = {"old": old, "within": f"{prefix}%", "change_id": change_id}
    return _recoded(_RECODE_AFTER_SPLIT, given)


def _recoded(statement: sa.TextClause, given: Mapping[str, Any]) -> int:
    return len(db.session.execute(statement, given).all())


def _written(
    change: Change,
    values: Mapping[str, Any],
    notices: Sequence[Notice],
    besides: Mapping[str, Any],
) -> Sequence[Any]:
    """The ticket's row: new with its words, or as it is expected to stand before the change."""
    rows = {
        kind: [record for record in change.records if type(record) is kind]
        for kind in dict.fromkeys(map(type, change.records))
    }
    shape = Shape(
        is_new="words" in besides,
        columns=tuple(sorted(values)),
        kinds=tuple(rows),
        has_files=bool(change.attachment_ids),
        has_notices=bool(notices),
        has_fallbacks=any(one.patient_until for one in notices),
        has_purge=change.purge is not None,
        has_checks=is_checked(change),
    )
    given = {
        "ticket": _json(values),
        "notices": _json(notices),
        "attachments": list(change.attachment_ids),
        **_event_values(change),
        **{KEYS[kind][0].name: _json(found) for kind, found in rows.items()},
    }
    return _statement(shape).execute({**given, **besides})


def _event_values(change: Change) -> dict[str, Any]:
    event, actor = change.event, change.event.actor
    return {
        "event": _json(event.row()),
        "event_seq": event.seq,
        "at": event.at,
        "account_id": actor.account_id,
        "role": actor.role.value,
        "action": event.action,
        "ip": actor.ip,
        **purge_values(change.purge),
        **check_values(change),
    }


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_encodable).decode()


def _encodable(value: Any) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} is not written to a ticket")
