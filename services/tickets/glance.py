"""What of a ticket decides which actions are open, without all of its records."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.domain import ticket_records as records
from app.domain.actor import Actor
from app.domain.ticket_state import Glance
from app.prepared import Prepared
from services.tickets.decode import decode
from services.tickets.terms import first_day, rules_of

GLANCED = (
    *("status", "contacted_at", "contact_confirmed", "transferred_at", "refusal_proposed_by"),
    *("supplement_count", "level"),
    *("handler_account_ids", "handler_organisation_ids", "open_matters"),
    *("is_unreasonable", "needs_pressure_check"),
    *("round", "may_rate_again", "passed_on_at", "tier"),
)
DATED = ("submitted_at", "policies_on")
"""What tells, with NEWEST_RULE beside it, which rules a ticket has."""

_glanced = itemgetter(*GLANCED)


class OwnRecords(NamedTuple):
    """As JSON: the assignment of the reader's unit in the present round, and that round's reply."""

    assignment: Mapping[str, Any]
    reply: Mapping[str, Any] | None


_OWN_RECORDS = Prepared(
    sa.text(
        "SELECT a.ticket_id, to_json(a) AS assignment,"
        " (SELECT to_json(r) FROM replies r WHERE r.ticket_id = a.ticket_id AND r.round = a.round)"
        " AS reply FROM assignments a JOIN tickets t ON t.id = a.ticket_id AND t.round = a.round"
        " WHERE a.ticket_id = ANY (:tickets) AND a.organisation_id = :unit"
    )
)


def own_records(actor: Actor, ticket_ids: Sequence[int]) -> dict[int, OwnRecords]:
    """The records of the actor's unit, by ticket."""
    found = _OWN_RECORDS.execute({"tickets": ticket_ids, "unit": actor.organisation_id})
    return {row.ticket_id: OwnRecords(row.assignment, row.reply) for row in found}


def glance_at(row: Mapping[str, Any], own: OwnRecords | None = None) -> Glance:
    """The glance of a row of `tickets` with the columns GLANCED, DATED and NEWEST_RULE.

    `own`: the reader's records.
    """
    glance = Glance(*_glanced(row))
    glance.rules = rules_of(row["newest_rule"], first_day(row["submitted_at"], row["policies_on"]))
    if own is not None:
        glance.assignment = decode(records.Assignment, own.assignment)
        glance.reply = decode(records.Reply, own.reply) if own.reply else None
    return glance
