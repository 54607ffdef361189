"""Bare Flask and psycopg: one indexed SELECT of 25 rows, one transaction of three INSERTs.

No log-in, no rights, no checks. Served as the product is, on the same server, right next to it.
"""

import os
import threading
from typing import Any

import psycopg
from flask import Flask, Response, jsonify, request
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb

app = Flask(__name__)
_own = threading.local()

_LIST = (
    "SELECT id, subject, requester, category, status, agent_id, grp, due_at, created_at, updated_at"
    " FROM ticket WHERE agent_id = %s AND status = 'open' ORDER BY due_at LIMIT 25"
)
_TICKET = (
    "INSERT INTO ticket (subject, body, requester, category, status, agent_id, grp, due_at)"
    " VALUES (%s, %s, %s, %s, 'open', 1, 1, now() + interval '3 days') RETURNING id"
)
_HISTORY = (
    "INSERT INTO history (ticket_id, actor, kind, new_status) VALUES (%s, 1, 'create', 'open')"
)
_OUTBOX = "INSERT INTO outbox (topic, payload) VALUES ('ticket.created', %s)"
INSTANTS = ("due_at", "created_at", "updated_at")


def database() -> psycopg.Connection[DictRow]:
    """The connection of this thread."""
    found: psycopg.Connection[DictRow] | None = getattr(_own, "connection", None)
    if found is None or found.closed:
        address = os.environ["FLOOR_DATABASE"]
        found = psycopg.connect(address, autocommit=True, row_factory=dict_row)
        _own.connection = found
    return found


@app.get("/list")
def listing() -> Response:
    """25 open tickets of one agent, the first due in front: floor (iii)."""
    rows = database().execute(_LIST, [int(request.args["agent"])]).fetchall()
    for row in rows:
        for name in INSTANTS:
            row[name] = row[name].isoformat()
    return jsonify(items=rows)


@app.post("/create")
def create() -> tuple[Response, int]:
    """A ticket, its first history row, an outbox row: floor (iv)."""
    given: dict[str, Any] = request.get_json()
    values = [given[name] for name in ("subject", "body", "requester", "category")]
    connection = database()
    with connection.transaction():
        row = connection.execute(_TICKET, values).fetchone()
        number = row["id"] if row else None
        connection.execute(_HISTORY, [number])
        connection.execute(_OUTBOX, [Jsonb({"id": number})])
    return jsonify(id=number), 201


app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the same
app.json.compact = True  # type: ignore[attr-defined]  # the same
