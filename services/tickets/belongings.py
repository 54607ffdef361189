"""What belongs to a ticket, as columns of JSON beside it: replies, assignments, files and the like.

Instants leave the database as the API writes them, with the session's offset.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.domain import ticket_records as records
from app.domain.content_checks import NOTICE
from app.models.assignment import Assignment
from app.models.attachment import Attachment
from app.models.evaluation import Evaluation
from app.models.matter import Matter
from app.models.organisation import Organisation
from app.models.reply import Reply
from app.models.revisit import Revisit
from app.models.supplement_request import SupplementRequest
from app.models.ticket import Ticket
from services.visibility.asking import AnyActor
from services.visibility.content_checks import is_file_veiled, veiled_events
from services.visibility.files import told_to

INNER_OF_REPLY = frozenset(
    {"handling_note", "rejection", "drafted_by", "released_by", "drafted_at"}
)
"""What of a reply stays inside the offices."""

INNER_OF_SUPPLEMENT = frozenset({"late_items", "is_breach_of_one_time_notice"})
"""What of a notice concerns who sent it."""

UNSHOWN_OF_MATTER = frozenset({"remind_at"})
"""Bookkeeping of who reminds."""

RATING = ("level", "first_level", "first_rated_at", "rated_at", "set_aside_at")
"""What of a rating is shown: not who gave it, nor what they wrote."""

BELONGINGS = (
    *("reply", "rating", "supplements", "attachments", "assignments", "revisit", "matters"),
    "veiled",
)


def columns_beside(reader: AnyActor) -> list[Any]:
    """The columns for a reader: `reply`, `rating`, `supplements`, `attachments`, `matters`.

    To officials also `assignments` and `revisit`, to the enterprise `veiled`: the events whose
    words the reader does not read yet. A list that is empty is NULL.
    """
    hidden = INNER_OF_REPLY if reader.is_enterprise else frozenset()
    inner = INNER_OF_SUPPLEMENT if reader.is_enterprise else frozenset()
    supplements = _object(SupplementRequest, _names(records.SupplementRequest, inner))
    matters = _object(Matter, _names(records.Matter, UNSHOWN_OF_MATTER), *_named(Matter))
    files = _files(reader)
    shown = [
        _of_round(Reply, _names(records.Reply, hidden)).label("reply"),
        _of_round(Evaluation, RATING).label("rating"),
        _every(SupplementRequest, supplements).label("supplements"),
        _every(Attachment, files, told_to(reader)).label("attachments"),
        _every(Matter, matters).label("matters"),
    ]
    if not reader.is_enterprise:
        return [*shown, *_inner()]
    return [*shown, veiled_events(reader, Ticket.id).label("veiled")]


def _files(reader: AnyActor) -> Any:
    names = ("id", "media_type", "size", "purged_at")
    if not reader.is_enterprise:
        return _object(Attachment, (*names, "filename"))
    shown = sa.case((is_file_veiled(reader), NOTICE), else_=Attachment.filename)
    return _object(Attachment, names, "filename", shown)


def _inner() -> list[Any]:
    assignments = _object(Assignment, _names(records.Assignment), *_named(Assignment))
    return [
        _every(Assignment, assignments).label("assignments"),
        _of_round(Revisit, _names(records.Revisit)).label("revisit"),
    ]


def _named(model: Any) -> tuple[str, Any]:
    unit = sa.select(Organisation.name).where(Organisation.id == model.organisation_id)
    return "organisation_name", unit.correlate(model).scalar_subquery()


def _names(kind: type[Any], hidden: frozenset[str] = frozenset()) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in hidden]


def _object(model: Any, names: Iterable[str], *more: Any) -> Any:
    members = [part for name in names for part in (name, model.__table__.c[name])]
    return sa.func.json_build_object(*members, *more)


def _every(model: Any, member: Any, *conditions: Any) -> Any:
    listed = sa.func.json_agg(aggregate_order_by(member, model.id))
    query = sa.select(listed).where(model.ticket_id == Ticket.id, *conditions)
    return query.correlate(Ticket).scalar_subquery()


def _of_round(model: Any, names: Iterable[str]) -> Any:
    query = sa.select(_object(model, names)).where(
        model.ticket_id == Ticket.id, model.round == Ticket.round
    )
    return query.correlate(Ticket).scalar_subquery()
