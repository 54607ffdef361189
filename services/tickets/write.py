"""Putting a `Change` down: every row of it in one statement. Nothing else writes these tables.

The statement is fixed text. Rows travel as JSON and are spread by `jsonb_populate_record[set]`; the
column lists come from the tables, so a new column needs no word here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from app.db import db
from app.domain import ticket_state as records
from app.domain.errors import AlreadyExists
from app.domain.sla_clock import Clock
from app.domain.ticket_state import Change, Record, TicketState
from app.models.assignment import Assignment
from app.models.evaluation import Evaluation
from app.models.reply import Reply
from app.models.revisit import Revisit, RevisitAttempt
from app.models.sla import SlaClock
from app.models.supplement_request import SupplementRequest
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.notifications.announce import Notice

KEYS: dict[type[Any], tuple[Any, tuple[str, ...]]] = {
    records.Assignment: (Assignment.__table__, ("ticket_id", "round", "organisation_id")),
    records.Reply: (Reply.__table__, ("ticket_id", "round")),
    records.SupplementRequest: (SupplementRequest.__table__, ("ticket_id", "attempt")),
    records.Revisit: (Revisit.__table__, ("ticket_id", "round")),
    records.RevisitAttempt: (RevisitAttempt.__table__, ("ticket_id", "round", "attempt")),
    records.Evaluation: (Evaluation.__table__, ("ticket_id", "round")),
    Clock: (SlaClock.__table__, ("ticket_id", "round", "kind", "organisation_id")),
}


def _spread(names: Sequence[str]) -> str:
    return ", ".join(f"r.{name}" for name in names)


def _columns(table: Any, *, without: Sequence[str] = ("id",)) -> list[str]:
    return [column.name for column in table.columns if column.name not in without]


def _insert_ticket() -> str:
    names = _columns(Ticket.__table__)
    return (
        f"INSERT INTO tickets ({', '.join(names)})"
        f" SELECT {_spread(names)}"
        " FROM jsonb_populate_record(null::tickets, CAST(:ticket AS jsonb)) r"
        " RETURNING id, number"
    )


def _update_ticket() -> str:
    names = _columns(Ticket.__table__, without=("id", "number"))
    return (
        f"UPDATE tickets t SET ({', '.join(names)}) = (SELECT "
        f"{_spread(names)} FROM jsonb_populate_record(t, CAST(:ticket AS jsonb)) r)"
        " WHERE t.number = :number AND t.event_seq = :seq"
        " RETURNING t.id, t.number"
    )


def _insert_event() -> str:
    names = _columns(TicketEvent.__table__, without=("ticket_id", "recorded_at"))
    return (
        f"INSERT INTO ticket_events (ticket_id, {', '.join(names)})"
        f" SELECT changed.id, {_spread(names)}"
        " FROM changed, jsonb_populate_record(null::ticket_events, CAST(:event AS jsonb)) r"
        " RETURNING ticket_id"
    )


def _upsert(table: Any, key: Sequence[str]) -> str:
    names = _columns(table, without=("id", "ticket_id"))
    updates = [name for name in names if name not in key]
    return (
        f"INSERT INTO {table.name} (ticket_id, {', '.join(names)})"
        f" SELECT changed.id, {_spread(names)}"
        " FROM changed,"
        f" jsonb_populate_recordset(null::{table.name}, CAST(:{table.name} AS jsonb)) r"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in updates)
    )


_LINK_ATTACHMENTS = (
    "UPDATE attachments a SET ticket_id = changed.id, event_seq = :event_seq FROM changed"
    " WHERE a.id = ANY (CAST(:attachments AS bigint[]))"
    " AND a.ticket_id IS NULL AND a.account_id = CAST(:account_id AS bigint)"
)
_AUDIT = (
    "INSERT INTO audit_entries (account_id, role, action, subject, ip, facts)"
    " SELECT CAST(:account_id AS bigint), CAST(:role AS text), CAST(:action AS text),"
    " 'ticket:' || changed.number, CAST(:ip AS text), '{}'::jsonb FROM changed"
)


_RECIPIENTS = """
SELECT DISTINCT ON (m.account_id)
    m.account_id, m.id AS membership_id, n.kind, n.title, n.body, n.template, n.fields,
    n.rank, n.send_at, n.expires_at, n.rings_always
FROM ROWS FROM (jsonb_to_recordset(CAST(:notices AS jsonb)) AS (
    kind text, title text, body text, roles text[], enterprise_id bigint, housekeeper_id bigint,
    organisation_id bigint, area_code text, template text, fields jsonb, rank smallint,
    send_at timestamptz, expires_at timestamptz, rings_always boolean
)) WITH ORDINALITY AS n, LATERAL (
    SELECT e.* FROM memberships e WHERE e.enterprise_id = n.enterprise_id
    UNION ALL SELECT h.* FROM memberships h WHERE h.housekeeper_id = n.housekeeper_id
    UNION ALL SELECT u.* FROM memberships u
        WHERE u.organisation_id = n.organisation_id AND u.role = ANY (n.roles)
    UNION ALL SELECT a.* FROM memberships a
        WHERE n.area_code IS NOT NULL AND a.area_prefix IS NOT NULL
        AND a.role = ANY (n.roles) AND starts_with(n.area_code, a.area_prefix)
) m
WHERE m.role = ANY (n.roles)
    AND m.account_id IS DISTINCT FROM CAST(:account_id AS bigint)
    AND m.valid_from <= CAST(:at AS timestamptz)
    AND (m.valid_until IS NULL OR m.valid_until > CAST(:at AS timestamptz))
ORDER BY m.account_id, n.ordinality, m.id
"""
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
_PHONE = """
INSERT INTO deliveries
    (notification_id, binding_id, template, rank, send_at, expires_at, rings_always)
SELECT told.id, b.id, r.template, r.rank, r.send_at, r.expires_at, r.rings_always
FROM told JOIN recipients r USING (account_id), LATERAL (
    SELECT w.id FROM wechat_bindings w
    WHERE w.account_id = told.account_id AND w.ended_at IS NULL ORDER BY w.id DESC LIMIT 1
) b
WHERE r.template IS NOT NULL
"""


def _statement(ticket: str) -> sa.TextClause:
    parts = [f"changed AS ({ticket})", f"event AS ({_insert_event()})"]
    parts += [f"put_{table.name} AS ({_upsert(table, key)})" for table, key in KEYS.values()]
    parts += [
        f"linked AS ({_LINK_ATTACHMENTS})",
        f"recipients AS ({_RECIPIENTS})",
        f"told AS ({_TELL})",
        f"phoned AS ({_PHONE})",
        f"audited AS ({_AUDIT})",
    ]
    return sa.text(f"WITH {', '.join(parts)} SELECT id FROM changed")


_CREATE = _statement(_insert_ticket())
_CHANGE = _statement(_update_ticket())


def write_new(change: Change, sealed: dict[str, bytes | None], notices: Sequence[Notice]) -> int:
    """A new ticket with all that belongs to it. Returns its id."""
    ticket = _json({**dict(change.values), **sealed})
    parameters = _parameters(change, notices) | {"ticket": ticket}
    created: int = db.session.execute(_CREATE, parameters).scalar_one()
    return created


def write_change(state: TicketState, change: Change, notices: Sequence[Notice]) -> None:
    """A change of a locked ticket. Raises `AlreadyExists` if the row moved on without the lock."""
    parameters = _parameters(change, notices) | {
        "ticket": _json(dict(change.values)),
        "number": state.number,
        "seq": state.event_seq,
    }
    if db.session.execute(_CHANGE, parameters).scalar_one_or_none() is None:
        raise AlreadyExists


def _parameters(change: Change, notices: Sequence[Notice]) -> dict[str, Any]:
    event, actor = change.event, change.event.actor
    return {
        "event": _json(event.row()),
        "event_seq": event.seq,
        "attachments": list(change.attachment_ids),
        "notices": _json([asdict(notice) for notice in notices]),
        "at": event.at,
        "account_id": actor.account_id,
        "role": actor.role.value,
        "action": event.action,
        "ip": actor.ip,
        **{table.name: _rows(change.records, kind) for kind, (table, _) in KEYS.items()},
    }


def _rows(found: Sequence[Record], kind: type[Any]) -> str:
    return _json([asdict(record) for record in found if isinstance(record, kind)])


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_encodable, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _encodable(value: Any) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written to a ticket")
