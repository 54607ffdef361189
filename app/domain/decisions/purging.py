"""涉密清除: asked for by one, decided by another; the content goes, the fact of it stays.

Source: the domain, section 10 (a purge route for trade secrets and state secrets).
"""

from dataclasses import asdict
from typing import Any

from app.domain.actor import Actor
from app.domain.decisions.settling import GRANTED, REJECTED, TO_SUPERVISORS, opened_by_office, ruled
from app.domain.facts.extension import Ruling
from app.domain.facts.purging import PurgeRequest
from app.domain.matters import any_of
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, Purge, TicketState
from app.domain.vocabulary import MatterKind

INNER = {outcome: f"inner_{outcome}" for outcome in (TO_SUPERVISORS, GRANTED, REJECTED)}
"""The outcomes of what the enterprise is told nothing of."""


def request_purge(state: TicketState, facts: PurgeRequest, actor: Actor, moment: Moment) -> Effect:
    """申请清除: waits for a supervisor; nothing is hidden before."""
    details: dict[str, Any] = {
        "files": [asdict(file) for file in facts.files],
        "reason": facts.reason,
        "is_inner": facts.is_inner,
    }
    matter = opened_by_office(state, MatterKind.PURGE, details, actor, moment)
    return Effect(records=(matter,), facts=_told(matter), outcome=_outcome(matter, TO_SUPERVISORS))


def rule_purge(state: TicketState, facts: Ruling, actor: Actor, moment: Moment) -> Effect:
    """裁定清除: what is granted is out of reach at once; a job takes the content away."""
    matter = ruled(_waiting(state), facts, actor, moment)
    granted = Purge(file_ids(matter), matter.details["reason"]) if facts.approved else None
    return Effect(
        records=(matter,),
        facts={**_told(matter), "granted": facts.approved},
        outcome=_outcome(matter, GRANTED if facts.approved else REJECTED),
        purge=granted,
    )


def _waiting(state: TicketState) -> Matter:
    matter = any_of(state, MatterKind.PURGE)
    if matter is None:
        raise LookupError("a purge is ruled on while it is asked for")
    return matter


def file_ids(matter: Matter) -> tuple[int, ...]:
    """The files that the matter is about."""
    return tuple(file["id"] for file in matter.details["files"])


def _outcome(matter: Matter, outcome: str) -> str:
    return INNER[outcome] if matter.details["is_inner"] else outcome


def _told(matter: Matter) -> dict[str, Any]:
    note = {"note": matter.note} if matter.note else {}
    return {"files": matter.details["files"], "reason": matter.details["reason"], **note}
